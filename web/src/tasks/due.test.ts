import { describe, expect, it } from "vitest";
import type { Task } from "@/api/types";
import { dueWords, groupOf, linesOf } from "./due";

const zone = "Europe/Berlin";
const now = Date.parse("2026-11-22T22:30:00Z");
const due = (due_at: string | null, status: Task["status"] = "open", id = "1") => ({ id, due_at, status }) as Task;

describe("a task's group", () => {
  it.each([
    [null, "none"], ["2026-11-22T22:29:00Z", "overdue"], ["2026-11-22T22:45:00Z", "today"], ["2026-11-22T23:10:00Z", "tomorrow"],
    ["2026-11-24T09:00:00Z", "week"], ["2026-11-28T22:00:00Z", "week"], ["2026-11-30T09:00:00Z", "later"],
  ] as const)("due at %s is %s on the person's calendar", (at, group) => expect(groupOf(due(at), now, zone)).toBe(group));

  it("of what is done is never overdue", () => expect(groupOf(due("2026-11-20T09:00:00Z", "done"), now, zone)).toBe("today"));
});

it("puts tasks under headings, each group once, in the order of the plan", () => {
  const tasks = [due("2026-11-22T22:45:00Z", "open", "a"), due(null, "open", "b"), due("2026-11-20T09:00:00Z", "open", "c"), due(null, "open", "d")];
  const lines = linesOf(tasks, now, zone).map((line) => ("task" in line ? line.task.id : `${line.heading} ${line.count}`));
  expect(lines).toEqual(["overdue 1", "c", "today 1", "a", "none 2", "b", "d"]);
});

it("tells when it is due and whether it is late", () => {
  expect(dueWords(due("2026-11-20T22:30:00Z"), now)).toEqual({ text: "2 days ago", late: true });
  expect(dueWords(due("2026-11-20T22:30:00Z", "done"), now)?.late).toBe(false);
  expect(dueWords(due(null), now)).toBeNull();
});
