/** One task: done with one click, where it belongs, who made it, and when it is due. */
import { Check, ChevronDown, ChevronsUp, ChevronUp, type LucideIcon } from "lucide-react";
import type { Task, Team, User } from "@/api/types";
import { useMay } from "@/api/session";
import { nameOf } from "@/api/people";
import { ByWorkflow } from "@/records/ByWorkflow";
import type { ByExecution } from "@/records/types";
import { RecordLink } from "@/records/cells";
import { Avatar } from "@/ui/Avatar";
import { classes } from "@/ui/classes";
import { Chip } from "@/ui/Pill";
import { useNow } from "@/ui/Time";
import { Tip } from "@/ui/Tip";
import { absoluteTime } from "@/words/time";
import { dueWords } from "./due";

export type TaskWithOrigin = Task & { execution?: ByExecution | null; completed_at?: string | null };

export interface Around {
  users: ReadonlyMap<string, User>;
  teams: ReadonlyMap<string, Team>;
  contacts: ReadonlyMap<string, string>;
  companies: ReadonlyMap<string, string>;
  deals: ReadonlyMap<string, string>;
}

interface TaskRowProps { task: TaskWithOrigin; around: Around; onTick: (task: Task) => void; onOpen: (task: Task) => void; withRecord?: boolean }

export function TaskRow({ task, around, onTick, onOpen, withRecord = true }: TaskRowProps) {
  const done = task.status !== "open";
  return (
    <div className="flex h-full min-w-0 items-center gap-3 px-4 sm:px-6">
      <Tick task={task} onTick={onTick} />
      <div className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-center sm:gap-3">
        <button type="button" tabIndex={-1} onClick={() => onOpen(task)} className={classes("min-w-0 truncate text-left hover:underline sm:max-w-[60%]", done ? "text-ink-faint line-through" : "font-medium")}>{task.title}</button>
        <span className="flex min-w-0 items-center gap-2 text-sm text-ink-soft">
          <span className="shrink-0 sm:hidden"><Due task={task} /></span>
          {withRecord && <span className="min-w-0 truncate sm:max-w-60"><About task={task} around={around} /></span>}
          {task.execution && <span className="inline-flex min-w-0 items-center gap-1.5 max-sm:hidden"><span className="hidden text-ink-faint md:inline">by</span><ByWorkflow execution={task.execution} /></span>}
        </span>
      </div>
      <span className="flex shrink-0 justify-end sm:w-24"><Who task={task} around={around} /></span>
      <span className="flex w-4 shrink-0 max-sm:w-auto"><PriorityMark priority={task.priority} /></span>
      <span className="w-24 shrink-0 text-right text-sm max-sm:hidden"><Due task={task} /></span>
    </div>
  );
}

function Tick({ task, onTick }: { task: Task; onTick: (task: Task) => void }) {
  const may = useMay("member");
  const done = task.status === "done";
  return (
    <button type="button" tabIndex={-1} role="checkbox" aria-checked={done} aria-label={done ? `Open “${task.title}” again` : `Mark “${task.title}” as done`} disabled={!may || task.status === "cancelled"} onClick={() => onTick(task)}
      className={classes("group -m-2 flex size-9 shrink-0 items-center justify-center rounded-full disabled:opacity-50")}>
      <span className={classes("flex size-5 items-center justify-center rounded-full border-[1.5px] transition-colors", done ? "border-ok bg-ok text-surface" : "border-line-input text-transparent group-hover:border-ok group-hover:text-ok")}>
        <Check aria-hidden className="size-3" strokeWidth={3} />
      </span>
    </button>
  );
}

function About({ task, around }: { task: Task; around: Around }) {
  if (task.deal_id) return <RecordLink type="deal" id={task.deal_id} name={around.deals.get(task.deal_id)} />;
  if (task.contact_id) return <RecordLink type="contact" id={task.contact_id} name={around.contacts.get(task.contact_id)} />;
  return <RecordLink type="company" id={task.company_id} name={task.company_id ? around.companies.get(task.company_id) : undefined} />;
}

function Who({ task, around }: { task: Task; around: Around }) {
  const user = task.assignee_id ? around.users.get(task.assignee_id) : undefined;
  const team = task.team_id ? around.teams.get(task.team_id) : undefined;
  if (user) return <Tip text={nameOf(user)}><span className="inline-flex shrink-0"><Avatar name={nameOf(user)} size="sm" /><span className="sr-only">{nameOf(user)}</span></span></Tip>;
  return team ? <span className="max-w-24 shrink-0"><Chip>{team.name}</Chip></span> : null;
}

/** The usual priority is not marked. */
const PRIORITIES: Partial<Record<Task["priority"], { icon: LucideIcon; words: string; look: string }>> = {
  urgent: { icon: ChevronsUp, words: "Urgent", look: "text-bad" }, high: { icon: ChevronUp, words: "High priority", look: "text-wait" },
  low: { icon: ChevronDown, words: "Low priority", look: "text-ink-faint" },
};

export function PriorityMark({ priority }: { priority: Task["priority"] }) {
  const mark = PRIORITIES[priority];
  if (!mark) return null;
  const { icon: Icon, words, look } = mark;
  return <Tip text={words}><span className={classes("inline-flex shrink-0", look)}><Icon aria-hidden className="size-4" /><span className="sr-only">{words}</span></span></Tip>;
}

export function Due({ task }: { task: TaskWithOrigin }) {
  const now = useNow(60_000);
  if (task.status === "done" && task.completed_at) return <time dateTime={task.completed_at} title={absoluteTime(task.completed_at)} className="text-ink-faint">{dueWords({ due_at: task.completed_at, status: "done" }, now)?.text}</time>;
  const due = dueWords(task, now);
  if (!due || !task.due_at) return null;
  return <time dateTime={task.due_at} title={`Due ${absoluteTime(task.due_at)}`} className={classes("whitespace-nowrap", due.late ? "font-medium text-bad" : "text-ink-soft")}>{due.late && <span className="sr-only">Late: </span>}{due.text}</time>;
}
