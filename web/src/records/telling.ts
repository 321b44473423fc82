/** Names of people, stages and linked records, for telling a history. */
import { useMemo } from "react";
import { nameOf, useCustomFields, useLifecycleStages, usePipelines, useTeams, useUsers } from "@/api/people";
import type { Json, RecordType } from "@/api/types";
import { fieldsOf, labelOf } from "./fields";
import { useNames } from "./names";
import { plainWords } from "./plain";
import type { Telling } from "./story";
import type { HistoryEntry } from "./types";

export function useTelling(type: RecordType, entries: readonly HistoryEntry[]): Telling {
  const users = useUsers();
  const teams = useTeams();
  const stages = useLifecycleStages();
  const pipelines = usePipelines();
  const custom = useCustomFields();
  const idsOf = (field: string) => entries.flatMap((entry) => entry.changes.filter((change) => change.field === field).flatMap((change) => [change.old, change.new])).map((value) => (typeof value === "string" ? value : null));
  const companies = useNames("company", idsOf("company_id"));
  const contacts = useNames("contact", idsOf("contact_id"));
  const deals = useNames("deal", idsOf("deal_id"));
  return useMemo(() => {
    const names = new Map<string, string>([
      ...(users.data ?? []).map((user) => [user.id, nameOf(user)] as const),
      ...(teams.data ?? []).map((team) => [team.id, team.name] as const),
      ...(stages.data ?? []).map((stage) => [stage.key, stage.name] as const),
      ...(pipelines.data ?? []).flatMap((pipeline) => [[pipeline.id, pipeline.name] as const, ...pipeline.stages.map((stage) => [stage.id, stage.name] as const)]),
      ...companies, ...contacts, ...deals,
    ]);
    const specs = new Map(fieldsOf(type, custom.data).map((spec) => [spec.key, spec]));
    return {
      labelOf: (field) => labelOf(type, field, custom.data),
      valueOf: (field: string, value: Json) => {
        const option = specs.get(field)?.options?.find(([code]) => code === value)?.[1];
        const named = typeof value === "string" && NAMED.test(field) ? names.get(value) : undefined;
        return option ?? named ?? (typeof value === "string" && /_id$/.test(field) && field !== "external_id" ? "a deleted one" : plainWords(value));
      },
    };
  }, [type, users.data, teams.data, stages.data, pipelines.data, custom.data, companies, contacts, deals]);
}

const NAMED = /(_id|lifecycle_stage)$|^custom\./;
