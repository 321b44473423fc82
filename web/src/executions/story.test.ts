import { beforeAll, describe, expect, it } from "vitest";
import { setZone } from "@/words/time";
import { storyOf } from "./story";
import type { ExecutionDetail, ExecutionStep } from "./types";

const telling = { workflowName: "Welcome new contacts", triggerTitle: "Contact created" };

function step(over: Partial<ExecutionStep>): ExecutionStep {
  return {
    execution_id: "e", seq: 0, revision: 1, visit: "tag", type: "contact.add_tag", title: "Add a tag", status: "completed", attempts: 1, started_at: null, finished_at: null, until: null,
    input: null, output: null, changes: [], error: null, why: null, reason: null, warnings: [], note: null, message: null, ...over,
  };
}

function execution(over: Partial<ExecutionDetail>): ExecutionDetail {
  return {
    id: "e", workflow_id: "w", workflow_name: "Welcome", version: 1, status: "completed", reason: "completed", reason_text: null, has_errors: false, record: { type: "contact", id: "c", name: "Ada Moreau" },
    trigger: { event_id: null, type: "contact.created", data: { changes: {} } }, test: false, entry_key: "c", started_at: "2026-11-22T12:00:00Z", finished_at: "2026-11-22T12:00:00.088Z",
    duration_ms: 20, elapsed_ms: 88, next_at: null, updated_at: "2026-11-22T12:00:00.088Z", revision: 4, error: null, retryable: false, paused_at: null, steps: [], ...over,
  };
}

describe("the story of an execution", () => {
  beforeAll(() => setZone("UTC"));

  it("tells the start, the steps and the end", () => {
    const changes = [{ record: { type: "contact", id: "c" } as const, field: "tags", old: [], new: ["new-contact"] }];
    expect(storyOf(execution({ steps: [step({ changes }), step({ visit: "score" })] }), telling)).toEqual([
      "Welcome new contacts started for Ada Moreau on 22 Nov 2026, 12:00: contact created.",
      "2 steps completed and made 1 change.",
      "It ended, 88 ms after it started: every step is done.",
    ]);
  });

  it("names the failed step, its attempts and why", () => {
    const steps = [step({ title: "Send an email", status: "failed", attempts: 3, error: { message: "550 no such user" } })];
    const story = storyOf(execution({ status: "failed", reason: "failed", steps }), telling);
    expect(story).toContain("“Send an email” failed after 3 attempts: 550 no such user.");
    expect(story.at(-1)).toBe("It failed, 88 ms after it started: a step failed.");
  });

  it("tells a step that failed again in the same way once", () => {
    const failed = step({ title: "Send an email", status: "failed", error: { message: "550 no such user" } });
    const story = storyOf(execution({ status: "failed", reason: "failed", steps: [failed, failed] }), telling);
    expect(story).toContain("“Send an email” failed twice: 550 no such user.");
    expect(story.filter((each) => each.includes("550"))).toHaveLength(1);
  });

  it("does not say that every step is done where one failed on the way", () => {
    const story = storyOf(execution({ has_errors: true, steps: [step({ status: "failed", error: { message: "no" } })] }), telling);
    expect(story.at(-1)).toBe("It went on to the end all the same, 88 ms after it started.");
  });

  it("says until when it waits", () => {
    const steps = [step({ title: "Wait", status: "waiting", until: "2026-11-23T09:00:00Z" })];
    expect(storyOf(execution({ status: "waiting", reason: null, steps }), telling).at(-1)).toBe("It now waits at “Wait” until 23 Nov 2026, 09:00.");
  });
});
