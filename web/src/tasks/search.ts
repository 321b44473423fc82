/** The tabs of the tasks page as its address, and what each asks the API for. */
import type { ListQuery } from "@/api/pages";

export const TABS = { mine: "Mine", team: "My team’s", overdue: "Overdue", open: "All open", done: "Done" } as const;
export type Tab = keyof typeof TABS;

export interface TaskSearch { tab?: Tab; task?: string; q?: string }

export function taskSearch(search: Record<string, unknown>): TaskSearch {
  const tab = (Object.keys(TABS) as Tab[]).find((each) => each === search["tab"]);
  const { task, q } = search;
  return {
    ...(tab && tab !== "mine" ? { tab } : {}),
    ...(typeof task === "string" && task ? { task } : {}),
    ...(typeof q === "string" && q ? { q } : {}),
  };
}

export const QUERIES: Record<Tab, ListQuery> = {
  mine: { assignee: "me", status: "open", sort: "due_at" },
  team: { team: "mine", status: "open", sort: "due_at" },
  overdue: { overdue: true, sort: "due_at" },
  open: { status: "open", sort: "due_at" },
  done: { status: "done", sort: "-completed_at" },
};

export const EMPTY: Record<Tab, { title: string; advice: string }> = {
  mine: { title: "Nothing is waiting for you", advice: "Tasks assigned to you appear here. Look at what waits for your team, or create one." },
  team: { title: "Your team’s queue is empty", advice: "Workflows and people put tasks here for whoever takes them first." },
  overdue: { title: "Nothing is late", advice: "A task appears here when its due time has passed." },
  open: { title: "No open tasks", advice: "Create the first one, or add a task step to a workflow." },
  done: { title: "Nothing done yet", advice: "Tick off a task, and it moves here." },
};
