/** How far something is, as a bar. Without a share nobody knows yet, and it breathes. */
import { classes } from "./classes";

export function Progress({ label, share, tone = "accent" }: { label: string; share: number | undefined; tone?: "accent" | "ok" | "bad" }) {
  const percent = share === undefined ? undefined : Math.round(share * 100);
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...(percent === undefined ? {} : { "aria-valuenow": percent })} className="h-1.5 w-full overflow-hidden rounded-full bg-pressed">
      <div className={classes("h-full rounded-full transition-[width] duration-500", { accent: "bg-accent", ok: "bg-ok-dot", bad: "bg-bad-dot" }[tone], percent === undefined && "animate-breathe")} style={{ width: `${percent ?? 100}%` }} />
    </div>
  );
}
