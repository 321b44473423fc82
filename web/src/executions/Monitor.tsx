/** Figures and the live table, for every workflow or for one. */
import { Link, useNavigate } from "@tanstack/react-router";
import { Zap } from "lucide-react";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { queryClient } from "@/api/client";
import { useList } from "@/api/pages";
import { useMay } from "@/api/session";
import { useTitleOf } from "@/nodes/queries";
import { DataTable } from "@/ui/DataTable";
import { Empty, Failure } from "@/ui/States";
import { Button } from "@/ui/Button";
import { ChosenBar } from "./ChosenBar";
import { monitorColumns } from "./columns";
import { feedRows, nothingLive, reduceLive } from "./feed";
import { useStats } from "./queries";
import { feedFilter, isFiltered, isNarrowerThanFigures, type MonitorSearch } from "./search";
import { useExecutionStream } from "./stream";
import { Tiles } from "./Tiles";
import type { Execution, ExecutionStatus } from "./types";

interface MonitorProps {
  search: MonitorSearch;
  onSearch: (search: MonitorSearch) => void;
  workflowName: (id: string) => string | undefined;
  withWorkflow: boolean;
  onLive?: (live: boolean) => void;
}

const STATS_REST_MS = 1_500;

export function Monitor({ search, onSearch, workflowName, withWorkflow, onLive }: MonitorProps) {
  const navigate = useNavigate();
  const titleOf = useTitleOf();
  const filter = useFeedFilter(search);
  const [live, tell] = useReducer(reduceLive, nothingLive);
  const refreshStats = useRested(() => void queryClient.invalidateQueries({ queryKey: ["/executions", "stats"] }), STATS_REST_MS);
  const stats = useStats({ workflow_id: filter.workflow_id, from: filter.from, to: filter.to });
  const stream = useExecutionStream({
    onExecutions: (rows) => { tell({ type: "rows", rows }); refreshStats(); },
    onReset: () => { tell({ type: "reset" }); void queryClient.invalidateQueries({ queryKey: ["/executions"] }); },
  });
  useEffect(() => onLive?.(stream.live), [onLive, stream.live]);
  const list = useList<Execution>("/executions", { ...filter }, { refetchInterval: stream.live ? false : 10_000 });
  const rows = useMemo(() => feedRows(list.rows, live, filter, list.hasNextPage), [list.rows, live, filter, list.hasNextPage]);
  const may = useMay("manager");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const picked = rows.filter((row) => chosen.has(row.id));
  const pick = useCallback((row: Execution) => setChosen((old) => toggled(old, row.id)), []);
  const picking = useMemo(() => (may ? { chosen, onPick: pick } : undefined), [may, chosen, pick]);
  const columns = useMemo(() => monitorColumns({ workflowName, titleOf, withWorkflow, picking }), [workflowName, titleOf, withWorkflow, picking]);
  const [openedAt] = useState(() => Date.now());
  const open = useCallback((row: Execution) => void navigate({ to: "/executions/$executionId", params: { executionId: row.id } }), [navigate]);
  const setStatus = (status: ExecutionStatus | undefined) => onSearch({ ...search, status } as MonitorSearch);
  return (
    <>
      {!isNarrowerThanFigures(search) && <Tiles stats={stats.data} status={search.status} onStatus={setStatus} onZoom={(from, to) => onSearch({ ...search, from, to })} />}
      {picked.length > 0 && <ChosenBar rows={picked} onClear={() => setChosen(new Set())} />}
      {list.error && rows.length === 0 ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Executions" columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={open} {...(may ? { onPick: pick } : {})} loading={list.isLoading}
          isChosen={(row) => chosen.has(row.id)} isFresh={(row) => live.has(row.id) && Date.parse(row.started_at) > openedAt} onEnd={list.loadMore} loadingMore={list.isFetchingNextPage}
          empty={<Nothing search={search} onSearch={onSearch} />} />
      )}
    </>
  );
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

function Nothing({ search, onSearch }: Pick<MonitorProps, "search" | "onSearch">) {
  if (isFiltered(search)) {
    return <Empty icon={<Zap aria-hidden />} title="No execution matches these filters" action={<Button onClick={() => onSearch({ span: "all" })}>Clear filters, all time</Button>}>Try another status or a longer time.</Empty>;
  }
  if (search.span === "all") {
    return <Empty icon={<Zap aria-hidden />} title="Nothing has run yet" action={<Button asChild look="primary"><Link to="/workflows">Open workflows</Link></Button>}>Turn a workflow on, then create a record that starts it. It appears here within a second.</Empty>;
  }
  return <Empty icon={<Zap aria-hidden />} title="Nothing ran in this time" action={<Button onClick={() => onSearch({ span: "all" })}>Show all time</Button>}>Turn a workflow on, then create a record that starts it. It appears here within a second.</Empty>;
}

/** The filter, whose start moves on only when the filters change. */
function useFeedFilter(search: MonitorSearch) {
  const key = JSON.stringify(search);
  return useMemo(() => feedFilter(JSON.parse(key) as MonitorSearch, Date.now()), [key]);
}

/** Calls at most once in `restMs`, and once more after the last request. */
function useRested(action: () => void, restMs: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return useCallback(() => {
    timer.current ??= setTimeout(() => { timer.current = undefined; action(); }, restMs);
  // The action reaches module state only, so the first one serves for good.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [restMs]);
}
