/** What could not be handled and is held back: why, and whether it is tried again or discarded. */
import { Link } from "@tanstack/react-router";
import { CircleCheck, RotateCcw, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useList } from "@/api/pages";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Select } from "@/ui/Field";
import { FilterBar, Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { plural } from "@/words/numbers";
import { HELD, useDecide, whatWords, type Decision, type HeldInput, type HeldState } from "./heldBack";
import { HeldInputDialog } from "./HeldInputDialog";

export function HeldBackPage() {
  const [state, setState] = useState<HeldState>("held");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<HeldInput | null>(null);
  const [discarding, setDiscarding] = useState<readonly string[]>([]);
  const list = useList<HeldInput>(HELD, { state }, { refetchInterval: 15_000 });
  const decide = useDecide();
  const columns = useMemo(() => columnsOf(state, chosen, setChosen), [state, chosen]);
  const ids = list.rows.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const done = (action: Decision, which: readonly string[]) =>
    decide.mutate({ action, ids: which }, { onSuccess: () => { setChosen(new Set()); setOpen(null); setDiscarding([]); } });
  return (
    <Page title="Held back" fills above={<Link to="/executions" className="hover:underline">Executions</Link>}
      actions={state === "held" && ids.length > 0 ? (
        <>
          <Button onClick={() => setDiscarding(ids)}><Trash2 aria-hidden />Discard {ids.length}</Button>
          <Button look="primary" busy={decide.isPending} onClick={() => done("retry", ids)}><RotateCcw aria-hidden />Retry {ids.length}</Button>
        </>
      ) : undefined}
      bar={
        <FilterBar>
          <Select aria-label="State" className="filter max-w-44" value={state} onChange={(event) => { setState(event.target.value as HeldState); setChosen(new Set()); }}>
            <option value="held">Held back</option>
            <option value="discarded">Discarded</option>
          </Select>
          <p className="hidden text-sm text-ink-faint sm:block">What could not be handled, so that it stops nothing else.</p>
        </FilterBar>
      }>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Inputs that are held back" columns={columns} rows={list.rows} rowKey={(row) => row.id} onOpen={setOpen} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage}
          empty={<Empty icon={<CircleCheck aria-hidden />} title={state === "held" ? "Nothing is held back" : "Nothing was discarded"}>{state === "held" ? "Everything that happened was handled, or is about to be." : "What you discard stays listed here, with who decided that."}</Empty>} />
      )}
      {open && <HeldInputDialog input={open} busy={decide.isPending} onClose={() => setOpen(null)} onRetry={() => done("retry", [open.id])} onDiscard={() => setDiscarding([open.id])} />}
      <Confirm open={discarding.length > 0} title={`Discard ${plural(discarding.length, "input")}?`} action="Discard" danger busy={decide.isPending} onClose={() => setDiscarding([])} onConfirm={() => done("discard", discarding)}>
        What it was for will not happen. It stays listed under Discarded, with your name. This cannot be undone.
      </Confirm>
    </Page>
  );
}

function columnsOf(state: HeldState, chosen: ReadonlySet<string>, choose: (ids: ReadonlySet<string>) => void): readonly Column<HeldInput>[] {
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  const pick: Column<HeldInput> = {
    id: "pick", header: <span className="sr-only">Choose</span>, name: "Choose", width: "1.25rem",
    cell: (row) => <input type="checkbox" aria-label={`Choose ${whatWords(row)}${row.record?.name ? ` for ${row.record.name}` : ""}`} checked={chosen.has(row.id)} onChange={() => toggle(row.id)} className="tick align-middle" />,
  };
  return [
    ...(state === "held" ? [pick] : []),
    { id: "what", header: "What", width: "minmax(9rem,1.4fr)", cell: (row) => <>
      <span className="block truncate font-medium">{whatWords(row)}</span>
      <span className="block truncate text-xs text-ink-faint sm:hidden">{row.record?.name && `${row.record.name}: `}{row.why}</span>
    </> },
    { id: "why", header: "Why", width: "minmax(10rem,2fr)", from: "sm", cell: (row) => <span className="text-ink-soft">{row.why}</span> },
    { id: "workflow", header: "Workflow", width: "minmax(7rem,1fr)", from: "md", cell: (row) => row.workflow ? row.workflow.name ?? "Deleted" : <span className="text-ink-faint">None in particular</span> },
    { id: "record", header: "Record", width: "minmax(7rem,1fr)", from: "md", cell: (row) => row.record ? row.record.name ?? codeWords(row.record.type) : <span className="text-ink-faint">No record</span> },
    { id: "attempts", header: "Tries", width: "3.5rem", align: "end", from: "lg", cell: (row) => row.attempts + 1 },
    { id: "at", header: state === "held" ? "Since" : "Discarded", width: "5.5rem", cell: (row) => <span className="text-ink-soft"><Time at={row.decided_at ?? row.at} short /></span> },
  ];
}
