/** An instant as people say it, absolute on hover, kept fresh. */
import { useSyncExternalStore } from "react";
import { absoluteTime, relativeTime, shortRelative } from "@/words/time";

const listeners = new Set<() => void>();
let tick = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => { tick = Date.now(); for (const each of listeners) each(); }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) { clearInterval(timer); timer = undefined; }
  };
}

/** The time in milliseconds, moving once per `everyMs`; one timer serves the whole page. */
export function useNow(everyMs = 10_000): number {
  return useSyncExternalStore(subscribe, () => {
    if (Date.now() - tick > 60_000) tick = Date.now();
    return Math.floor(tick / everyMs) * everyMs;
  });
}

export function Time({ at, short = false, fallback = "–" }: { at: string | null | undefined; short?: boolean; fallback?: string }) {
  // The shared clock says when to draw again; the words are about this very moment.
  useNow(short ? 1_000 : 10_000);
  if (!at) return <span className="text-ink-faint">{fallback}</span>;
  return (
    <time dateTime={at} title={absoluteTime(at)} className="whitespace-nowrap">
      {(short ? shortRelative : relativeTime)(at, Date.now())}
    </time>
  );
}
