/** One deal: its value, its way through the pipeline, and what happened. */
import { Link, useParams } from "@tanstack/react-router";
import { RotateCcw, ThumbsDown, Trophy } from "lucide-react";
import { useState } from "react";
import { usePipelines } from "@/api/people";
import { Lost } from "@/app/Fallbacks";
import { isNowhere } from "@/api/errors";
import { useMay } from "@/api/session";
import type { Deal, JsonObject, Stage } from "@/api/types";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Confirm } from "@/ui/Confirm";
import { Page } from "@/ui/Page";
import { Failure, SkeletonRows } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { money } from "@/words/numbers";
import { useWorkflows } from "@/workflows/queries";
import { AddNote } from "./AddNote";
import { DealStatus, RecordLink } from "./cells";
import { History } from "./History";
import { OwnerSelect } from "./inline";
import { useLiveRecord } from "./live";
import { useNames } from "./names";
import { Properties } from "./Properties";
import { useChange, useRecord } from "./queries";
import { RecordActions } from "./RecordActions";
import { RecordTasks } from "./RecordTasks";
import { RecordWorkflows } from "./RecordWorkflows";
import { StateTabs } from "./StateTabs";

const TABS = [["history", "History"], ["tasks", "Tasks"], ["workflows", "Workflows"]] as const;

export function DealPage() {
  const { dealId } = useParams({ from: "/app/deals/$dealId" });
  const { data, error, refetch } = useRecord<Deal>("deal", dealId);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Deal"><SkeletonRows rows={6} /></Page>;
  return <Shown key={data.id} deal={data} />;
}

function Shown({ deal }: { deal: Deal }) {
  useLiveRecord("deal", deal.id);
  const change = useChange<Deal>("deal");
  const [tab, setTab] = useState<(typeof TABS)[number][0]>("history");
  const record = { type: "deal", id: deal.id } as const;
  const set = (body: JsonObject, said?: string) => change.mutate({ record: deal, body }, { onSuccess: () => { if (said) showDone(said); } });
  return (
    <Page title={deal.name} above={<Link to="/deals" className="hover:underline">Deals</Link>} heading={<Heading deal={deal} />}
      actions={<RecordActions type="deal" record={deal}><Ending deal={deal} onSet={set} /></RecordActions>}
      bar={<>
        <div className="flex flex-wrap items-center gap-2 pb-2.5"><Stages deal={deal} onSet={set} /><OwnerSelect value={deal.owner_id} onChange={(owner_id) => set({ owner_id })} /></div>
        <StateTabs label="Deal" tabs={TABS} value={tab} onChange={setTab} />
      </>}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {/* Kept, so that a half-written note is still there after a look at another tab. */}
          <div hidden={tab !== "history"}><AddNote record={record} /></div>
          {tab === "history" && <History record={record} />}
          {tab === "tasks" && <RecordTasks about={{ deal_id: deal.id }} />}
          {tab === "workflows" && <RecordWorkflows record={record} />}
        </div>
        <aside className="min-w-0"><Properties type="deal" record={deal} without={["name", "status", "owner_id"]} /></aside>
      </div>
    </Page>
  );
}

function Heading({ deal }: { deal: Deal }) {
  const contact = useNames("contact", [deal.contact_id]).get(deal.contact_id ?? "");
  const company = useNames("company", [deal.company_id]).get(deal.company_id ?? "");
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1"><h1 className="line-clamp-2 min-w-0 wrap-anywhere text-xl" title={deal.name}>{deal.name}</h1><DealStatus status={deal.status} /><span className="tabular text-xl">{money(deal.value)}</span></div>
      <p className="flex flex-wrap gap-x-2 wrap-anywhere text-ink-soft"><RecordLink type="contact" id={deal.contact_id} name={contact} />{deal.contact_id && deal.company_id && "·"}<RecordLink type="company" id={deal.company_id} name={company} /></p>
    </div>
  );
}

type Set = (body: JsonObject, said?: string) => void;

/** The stages as a row; a click moves the deal. Which workflows that starts is seen in its history. */
function Stages({ deal, onSet }: { deal: Deal; onSet: Set }) {
  const { data } = usePipelines();
  const may = useMay("member");
  const pipeline = data?.find((each) => each.id === deal.pipeline_id);
  const at = pipeline?.stages.findIndex((stage) => stage.id === deal.stage_id) ?? -1;
  const movable = may && deal.status === "open";
  const move = (stage: Stage) => onSet({ stage_id: stage.id }, `Moved to ${stage.name}.`);
  return (
    <ol aria-label={`Stages of ${pipeline?.name ?? "the pipeline"}`} className="flex max-w-full overflow-x-auto rounded-md border border-line-strong [scrollbar-width:none]">
      {pipeline?.stages.map((stage, index) => (
        <li key={stage.id} className="border-l border-line first:border-l-0">
          <button type="button" disabled={!movable} aria-current={index === at ? "step" : undefined} onClick={() => { if (index !== at) move(stage); }}
            className={classes("h-7 px-3 whitespace-nowrap enabled:hover:bg-hover focus-visible:-outline-offset-2", index === at ? "bg-accent font-medium text-accent-ink enabled:hover:bg-accent-strong" : index < at ? "bg-accent-wash text-accent-text" : "text-ink-soft")}>{stage.name}</button>
        </li>
      ))}
    </ol>
  );
}

const ENDS = {
  won: { title: "won", action: "Mark as won", said: "Won. Congratulations." },
  lost: { title: "lost", action: "Mark as lost", said: "Marked as lost." },
} as const;

/** Winning and losing ask first, because what workflows do then is not undone by reopening. */
function Ending({ deal, onSet }: { deal: Deal; onSet: Set }) {
  const [asking, setAsking] = useState<keyof typeof ENDS | null>(null);
  if (deal.status !== "open") return <Button onClick={() => onSet({ status: "open" }, "Open again.")}><RotateCcw aria-hidden />Reopen</Button>;
  return (
    <>
      <Button look="primary" onClick={() => setAsking("won")}><Trophy aria-hidden />Win</Button>
      <Button onClick={() => setAsking("lost")}><ThumbsDown aria-hidden />Lose</Button>
      {asking && (
        <Confirm open title={`Mark “${deal.name}” as ${ENDS[asking].title}?`} action={ENDS[asking].action} onClose={() => setAsking(null)}
          onConfirm={() => { setAsking(null); onSet({ status: asking }, ENDS[asking].said); }}>
          <Starting trigger={`deal.${asking}`} /> You can reopen it; what workflows did stays done.
        </Confirm>
      )}
    </>
  );
}

/** The workflows that are on and begin with this; whether their conditions hold is seen when they do. */
function Starting({ trigger }: { trigger: string }) {
  const { data } = useWorkflows();
  const found = (data ?? []).filter((each) => each.status === "published" && each.definition.trigger?.type === trigger);
  if (found.length === 0) return <>No workflow that is on begins with this alone.</>;
  return <>This starts {found.map((each) => `“${each.name}”${each.definition.trigger?.when ? " if its conditions hold" : ""}`).join(", ")}.</>;
}
