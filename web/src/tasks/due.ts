/** When tasks are due, in words and in groups of a day's plan. Pure: now and the zone are arguments. */
import type { Task } from "@/api/types";
import { relativeTime } from "@/words/time";

export type DueGroup = "overdue" | "today" | "tomorrow" | "week" | "later" | "none";

export const GROUP_NAMES: Record<DueGroup, string> = {
  overdue: "Overdue", today: "Today", tomorrow: "Tomorrow", week: "Within a week", later: "Later", none: "No date",
};

export type TaskLine = { heading: DueGroup; count: number } | { task: Task };

export function groupOf(task: Pick<Task, "due_at" | "status">, now: number, zone: string): DueGroup {
  if (!task.due_at) return "none";
  const due = Date.parse(task.due_at);
  if (due < now && task.status === "open") return "overdue";
  const days = dayNumber(due, zone) - dayNumber(now, zone);
  if (days <= 0) return "today";
  return days === 1 ? "tomorrow" : days < 7 ? "week" : "later";
}

/** Tasks in the order they came, under a heading wherever the group changes. */
export function linesOf(tasks: readonly Task[], now: number, zone: string): readonly TaskLine[] {
  const groups = new Map<DueGroup, Task[]>();
  for (const task of tasks) {
    const group = groupOf(task, now, zone);
    groups.set(group, [...(groups.get(group) ?? []), task]);
  }
  return ORDER.flatMap((heading): TaskLine[] => {
    const some = groups.get(heading) ?? [];
    return some.length ? [{ heading, count: some.length }, ...some.map((task) => ({ task }))] : [];
  });
}

const ORDER: readonly DueGroup[] = ["overdue", "today", "tomorrow", "week", "later", "none"];

export function dueWords(task: Pick<Task, "due_at" | "status">, now: number): { text: string; late: boolean } | null {
  if (!task.due_at) return null;
  const late = task.status === "open" && Date.parse(task.due_at) < now;
  return { text: relativeTime(task.due_at, now), late };
}

/** The number of the calendar day in that zone. */
function dayNumber(at: number, zone: string): number {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}
