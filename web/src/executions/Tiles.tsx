/** The figures above the monitor. A figure about a status is a filter for it. */
import type { ReactNode } from "react";
import { classes } from "@/ui/classes";
import { Skeleton } from "@/ui/States";
import { Dot } from "@/ui/Pill";
import { count, share } from "@/words/numbers";
import { duration } from "@/words/time";
import { Sparkline } from "./Sparkline";
import type { ExecutionStats, ExecutionStatus } from "./types";
import { lookOf } from "./words";

interface TilesProps {
  stats: ExecutionStats | undefined;
  status: ExecutionStatus | undefined;
  onStatus: (status: ExecutionStatus | undefined) => void;
  onZoom: (from: string, to: string) => void;
}

const FILTERS: readonly ExecutionStatus[] = ["running", "waiting", "completed", "failed"];

export function Tiles({ stats, status, onStatus, onZoom }: TilesProps) {
  return (
    <div className="flex flex-col gap-x-8 gap-y-3 border-b border-line bg-sunken px-4 py-3 sm:px-6 xl:flex-row xl:items-center">
      <div className="grid grid-cols-3 gap-x-1 gap-y-2 sm:flex sm:flex-wrap">
        <Figure label="Total" value={stats && count(stats.total)} chosen={!status} onChoose={() => onStatus(undefined)} />
        {FILTERS.map((each) => (
          <Figure key={each} label={<><Dot tone={lookOf(each).tone} breathing={each === "running" && (stats?.running ?? 0) > 0} />{lookOf(each).label}</>} value={stats && count(stats[each])}
            chosen={status === each} onChoose={() => onStatus(status === each ? undefined : each)} />
        ))}
        <Figure label="Success" value={stats && share(stats.success_rate)} title="Completed without errors, of those completed or failed. Tests are left out." />
        <Figure label="Mean" value={stats && duration(stats.duration_ms.mean)} title="Mean working time, waiting left out." />
        <Figure label="95th pct." value={stats && duration(stats.duration_ms.p95)} title="Nineteen of twenty worked no longer than this." />
      </div>
      <div className="min-w-0 flex-1 xl:max-w-xl xl:ml-auto">{stats ? <Sparkline series={stats.series} onZoom={onZoom} /> : <Skeleton className="h-11" />}</div>
    </div>
  );
}

interface FigureProps { label: ReactNode; value: string | undefined; title?: string; chosen?: boolean; onChoose?: () => void }

function Figure({ label, value, title, chosen, onChoose }: FigureProps) {
  const content = <>
    <span className="flex items-center gap-1.5 text-xs text-ink-soft">{label}</span>
    <span className="tabular block min-h-6.5 text-xl font-semibold tracking-tight">{value ?? <Skeleton className="mt-1.5 h-4 w-12" />}</span>
  </>;
  if (!onChoose) return <div title={title} className="min-w-16 px-2.5 py-1">{content}</div>;
  return (
    <button type="button" aria-pressed={chosen} onClick={onChoose}
      className={classes("min-w-18 rounded-md px-2.5 py-1 text-left hover:bg-hover", chosen && "bg-surface shadow-sm ring-1 ring-line-strong")}>
      {content}
    </button>
  );
}
