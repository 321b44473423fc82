/** Small pieces that tables and pages of records share. */
import { Link } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { nameOf } from "@/api/people";
import type { Json, LifecycleStage, RecordType, User } from "@/api/types";
import { addressOf } from "@/app/links";
import { Avatar } from "@/ui/Avatar";
import { classes } from "@/ui/classes";
import { Chip, Pill, type Tone } from "@/ui/Pill";
import { plainWords } from "./plain";

export function Person({ user, quiet = false }: { user: User | undefined; quiet?: boolean }) {
  if (!user) return quiet ? null : <span className="text-ink-faint">Nobody</span>;
  return <span className="inline-flex max-w-full items-center gap-1.5"><Avatar name={nameOf(user)} size="sm" /><span className="truncate">{nameOf(user)}</span></span>;
}

export function TagList({ tags }: { tags: readonly string[] }) {
  return <span className="flex gap-1 overflow-hidden">{tags.map((tag) => <Chip key={tag}>{tag}</Chip>)}</span>;
}

/** A bar that is fuller the higher the score, with the number beside it. */
export function Score({ score }: { score: number }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="hidden h-1.5 w-9 overflow-hidden rounded-full bg-pressed sm:block"><span className="block h-full rounded-full bg-accent" style={{ width: `${Math.max(0, Math.min(100, score))}%` }} /></span>
      <span className="tabular min-w-6 text-right">{score}</span>
    </span>
  );
}

export function stageName(stages: readonly LifecycleStage[] | undefined, key: string | null): string {
  return stages?.find((each) => each.key === key)?.name ?? key ?? "";
}

const DEAL_LOOK: Record<string, { label: string; tone: Tone }> = {
  open: { label: "Open", tone: "live" }, won: { label: "Won", tone: "ok" }, lost: { label: "Lost", tone: "bad" },
};

export function DealStatus({ status }: { status: string }) {
  const { label, tone } = DEAL_LOOK[status] ?? { label: status, tone: "idle" };
  return <Pill tone={tone} dot>{label}</Pill>;
}

interface RecordLinkProps { type: RecordType; id: string | null; name: string | undefined; strong?: boolean; onClick?: (event: MouseEvent) => void }

export function RecordLink({ type, id, name, strong = false }: RecordLinkProps) {
  const href = id ? addressOf(type, id) : undefined;
  if (!id || !href) return null;
  return <Link to={href} className={classes("hover:underline", strong && "font-medium text-accent-text")}>{name ?? (type === "company" ? "Company" : type === "contact" ? "Contact" : "Deal")}</Link>;
}

/** The value of a custom field; an address as a link where it is safe to follow. */
export function CustomValue({ value }: { value: Json }) {
  if (value === null || value === "") return <span className="text-ink-faint">–</span>;
  if (typeof value === "string" && /^https?:\/\//.test(value)) return <a href={value} target="_blank" rel="noreferrer noopener" className="text-accent-text hover:underline">{value}</a>;
  return <>{plainWords(value)}</>;
}
