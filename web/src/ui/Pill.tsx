/** Status and small facts. The hue never stands alone: there is always a word or a shape beside it. */
import type { ReactNode } from "react";
import { classes } from "./classes";

export type Tone = "ok" | "live" | "wait" | "bad" | "idle" | "accent";

const PILL: Record<Tone, string> = {
  ok: "bg-ok-wash text-ok", live: "bg-live-wash text-live", wait: "bg-wait-wash text-wait",
  bad: "bg-bad-wash text-bad", idle: "bg-idle-wash text-idle", accent: "bg-accent-wash text-accent-text",
};
const DOT: Record<Tone, string> = {
  ok: "bg-ok-dot", live: "bg-live-dot", wait: "bg-wait-dot", bad: "bg-bad-dot", idle: "bg-idle-dot", accent: "bg-accent",
};

export function Dot({ tone, breathing = false, hollow = false }: { tone: Tone; breathing?: boolean; hollow?: boolean }) {
  return (
    <span aria-hidden className={classes("inline-block size-2 shrink-0 rounded-full", hollow ? "border-[1.5px] border-idle-dot" : DOT[tone], breathing && "animate-breathe")} />
  );
}

interface PillProps { tone: Tone; dot?: boolean; breathing?: boolean; title?: string; children: ReactNode }

export function Pill({ tone, dot = false, breathing = false, title, children }: PillProps) {
  return (
    <span title={title} className={classes("inline-flex h-5 max-w-full items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap", PILL[tone])}>
      {dot && <Dot tone={tone} breathing={breathing} />}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A tag or another name somebody gave. */
export function Chip({ children, onRemove, removeLabel }: { children: ReactNode; onRemove?: () => void; removeLabel?: string }) {
  return (
    <span className="inline-flex h-5 max-w-full items-center gap-1 rounded-sm border border-line-strong bg-surface px-1.5 text-xs text-ink-soft">
      <span className="truncate">{children}</span>
      {onRemove && <button type="button" aria-label={removeLabel ?? "Remove"} className="-mr-0.5 rounded-sm px-0.5 text-ink-faint hover:text-ink" onClick={onRemove}>×</button>}
    </span>
  );
}
