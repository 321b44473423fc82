/** The type of record that a workflow's executions are about, as its trigger says; null where any record may be. */
import { useCallback } from "react";
import { useNodeTypes } from "@/nodes/queries";
import type { Definition, NodeType } from "./types";

type Triggers = Pick<ReadonlyMap<string, NodeType>, "get">;

export function subjectOf(definition: Pick<Definition, "trigger">, types: Triggers): string | null {
  const { trigger } = definition;
  const node = trigger && types.get(trigger.type);
  if (node && "record_type" in node && node.record_type) return node.record_type;
  const said = trigger?.["record_type"];
  return typeof said === "string" ? said : null;
}

/** True where the workflow can be about records of that type; everything can while the catalogue is loading. */
export function useFits(): (definition: Pick<Definition, "trigger">, type: string) => boolean {
  const { data } = useNodeTypes();
  return useCallback((definition, type) => !data || (subjectOf(definition, data) ?? type) === type, [data]);
}
