/**
 * How many started over time, failures on top; press and drag to look at one stretch.
 * For screen readers it is a picture described in a sentence.
 */
import { useRef, useState, type PointerEvent } from "react";
import { dateTime } from "@/words/time";
import { plural } from "@/words/numbers";
import type { StatsPoint } from "./types";

interface SparklineProps { series: readonly StatsPoint[]; onZoom?: (from: string, to: string) => void; height?: number }

const totalOf = (point: StatsPoint) => point.total ?? (point.completed ?? 0) + (point.failed ?? 0);

export function Sparkline({ series, onZoom, height = 44 }: SparklineProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const highest = Math.max(1, ...series.map(totalOf));
  const indexAt = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds || bounds.width === 0) return 0;
    return Math.min(series.length - 1, Math.max(0, Math.floor(((event.clientX - bounds.left) / bounds.width) * series.length)));
  };
  const finish = () => {
    if (drag && onZoom && drag.start !== drag.end) {
      const from = series[Math.min(drag.start, drag.end)]?.at;
      const to = endOf(series, Math.max(drag.start, drag.end));
      if (from && to) onZoom(from, to);
    }
    setDrag(null);
  };
  const pointed = hover === null ? undefined : series[hover];
  if (series.length === 0) return <p className="flex h-11 items-center text-sm text-ink-faint">Nothing started in this time.</p>;
  return (
    <div className="relative">
      <div ref={box} role="img" aria-label={described(series)} className="relative touch-none select-none" style={{ height, cursor: onZoom ? "crosshair" : "default" }}
        onPointerDown={(event) => { if (onZoom) { event.currentTarget.setPointerCapture(event.pointerId); const at = indexAt(event); setDrag({ start: at, end: at }); } }}
        onPointerMove={(event) => { const at = indexAt(event); setHover(at); if (drag) setDrag({ ...drag, end: at }); }}
        onPointerUp={finish} onPointerLeave={() => setHover(null)} onPointerCancel={() => setDrag(null)}>
        <svg aria-hidden viewBox={`0 0 ${series.length} 100`} preserveAspectRatio="none" className="size-full overflow-visible">
          {series.map((point, index) => {
            const all = (totalOf(point) / highest) * 100;
            const failed = totalOf(point) > 0 ? all * ((point.failed ?? 0) / totalOf(point)) : 0;
            const inside = !drag || (index >= Math.min(drag.start, drag.end) && index <= Math.max(drag.start, drag.end));
            return (
              <g key={point.at} opacity={inside ? (hover === null || hover === index ? 1 : 0.6) : 0.25}>
                <rect x={index + 0.12} width={0.76} y={99} height={1} fill="var(--line-strong)" />
                <rect x={index + 0.12} width={0.76} y={100 - all} height={all} fill="var(--accent)" opacity={0.75} />
                {failed > 0 && <rect x={index + 0.12} width={0.76} y={100 - all} height={Math.max(failed, 4)} fill="var(--bad-dot)" />}
              </g>
            );
          })}
        </svg>
      </div>
      {pointed && (
        <div className="pointer-events-none absolute top-full right-0 z-20 mt-1 rounded-md bg-raised px-2 py-1 text-sm whitespace-nowrap shadow-pop">
          <span className="text-ink-faint">{dateTime(pointed.at)}</span> · {plural(totalOf(pointed), "execution")}{pointed.failed ? <span className="text-bad"> · {pointed.failed} failed</span> : null}
        </div>
      )}
    </div>
  );
}

/** The end of a bar is the start of the next; the last one is as long as the one before. */
function endOf(series: readonly StatsPoint[], index: number): string | undefined {
  const next = series[index + 1]?.at;
  const [one, two] = [series.at(-2)?.at, series.at(-1)?.at];
  if (next || !one || !two) return next;
  return new Date(2 * Date.parse(two) - Date.parse(one)).toISOString();
}

function described(series: readonly StatsPoint[]): string {
  const all = series.reduce((sum, point) => sum + totalOf(point), 0);
  const failed = series.reduce((sum, point) => sum + (point.failed ?? 0), 0);
  const busiest = series.reduce<StatsPoint | undefined>((best, point) => (!best || totalOf(point) > totalOf(best) ? point : best), undefined);
  if (!busiest || all === 0) return "Executions over time: none.";
  return `Executions over time: ${plural(all, "execution")}, ${failed} failed; most, ${totalOf(busiest)}, from ${dateTime(busiest.at)}.`;
}
