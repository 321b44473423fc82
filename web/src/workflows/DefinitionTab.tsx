/** The definition to read, with its settings and figures at the side. */
import { Link, useParams } from "@tanstack/react-router";
import { PencilLine } from "lucide-react";
import { nameOf, useUsers } from "@/api/people";
import { useMay } from "@/api/session";
import type { Json } from "@/api/types";
import { Button } from "@/ui/Button";
import { Fact, Facts, Section } from "@/ui/Facts";
import { Chip } from "@/ui/Pill";
import { Empty } from "@/ui/States";
import { Time } from "@/ui/Time";
import { count, plural } from "@/words/numbers";
import { fieldWords, valueWords } from "@/words/values";
import { fieldValue, stepCount } from "./outline";
import { useWorkflow } from "./queries";
import { Tree, type Words } from "./Tree";
import type { Definition, Workflow } from "./types";

const RE_ENTRY: Record<string, string> = {
  once: "Once ever", one_active: "Again after the earlier one ended", restart: "A new start replaces the active one", every_event: "On every event",
};

export function DefinitionTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { data: workflow } = useWorkflow(workflowId);
  const may = useMay("manager");
  if (!workflow) return null;
  const steps = stepCount(workflow.definition);
  const edit = may && <Button asChild size="sm"><Link to="/workflows/$workflowId/yaml" params={{ workflowId }}><PencilLine aria-hidden />Edit</Link></Button>;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="grid w-full max-w-7xl items-start gap-5 px-4 py-5 sm:px-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {workflow.definition.description && <p className="mb-4 max-w-[72ch] text-lg text-pretty text-ink-soft">{workflow.definition.description}</p>}
          <div className="mb-3 flex items-center justify-between gap-3"><p className="text-ink-faint">{workflow.has_unpublished_changes && workflow.published_version !== null ? "The draft, with changes that are not published" : plural(steps, "step")}</p>{edit}</div>
          {steps === 0 && !workflow.definition.trigger?.when
            ? <><Tree definition={workflow.definition} words={workflow as Words} /><Empty title="No steps yet" action={edit || undefined}>Write the first step in the YAML editor: it suggests step types as you type.</Empty></>
            : <Tree definition={workflow.definition} words={workflow as Words} problems={workflow.problems ?? []} />}
        </div>
        <aside className="flex flex-col gap-4"><Figures workflow={workflow} /><Rules definition={workflow.definition} /></aside>
      </div>
    </div>
  );
}

function Figures({ workflow }: { workflow: Workflow }) {
  const { data: users } = useUsers();
  const owner = users?.find((user) => user.id === workflow.owner_id);
  return (
    <Section title="At a glance">
      <Facts>
        <Fact name="Active now"><span className="tabular">{count(workflow.stats?.active ?? 0)}</span></Fact>
        <Fact name="Total"><span className="tabular">{count(workflow.stats?.total ?? 0)}</span></Fact>
        <Fact name="Errors, 7 days"><span className={workflow.errors_7d ? "tabular font-medium text-bad" : "tabular"}>{count(workflow.errors_7d)}</span></Fact>
        <Fact name="Last run"><Time at={workflow.last_execution_at} fallback="Never" /></Fact>
        <Fact name="Owner">{owner ? nameOf(owner) : "Nobody"}</Fact>
        {workflow.tags.length > 0 && <Fact name="Tags"><span className="flex flex-wrap gap-1">{workflow.tags.map((tag) => <Chip key={tag}>{tag}</Chip>)}</span></Fact>}
        <Fact name="Edited"><Time at={workflow.updated_at} /></Fact>
        <Fact name="Key"><code className="text-xs">{workflow.key}</code></Fact>
      </Facts>
    </Section>
  );
}

/** In the order in which they are told. */
const SETTINGS: Record<string, string> = {
  entry_key: "Counts as one", suppress: "Kept out if", goal: "Done when", exit: "Leaves when", max_age: "Takes at most", zone: "Time zone", allow_self: "Starts itself",
};
const PLACES = Object.keys(SETTINGS);

function Rules({ definition }: { definition: Definition }) {
  const { re_entry = "one_active", on_error, ...rest } = definition.settings ?? {};
  return (
    <Section title="Rules">
      <Facts>
        <Fact name="Enters">{RE_ENTRY[String(re_entry)] ?? valueWords(re_entry)}</Fact>
        {on_error !== undefined && on_error !== null && <Fact name="If a step fails">{on_error === "stop" ? "Stop" : "Go on with the next"}</Fact>}
        {Object.entries(rest).filter(([, value]) => value !== null && value !== false).sort(([a], [b]) => PLACES.indexOf(a) - PLACES.indexOf(b)).map(([key, value]) => (
          <Fact key={key} name={SETTINGS[key] ?? fieldWords(key)}>{fieldValue(value as Json)}</Fact>
        ))}
      </Facts>
    </Section>
  );
}
