import { describe, expect, it } from "vitest";
import { bulkFilter, countWords, isStoppable, possible, progressWords, shareDone, workWords } from "./bulk";

describe("what many executions are asked for", () => {
  it("is the list's filter, and failed ones where none is said", () => {
    expect(bulkFilter("retry", { workflow_id: "w", from: "2026-11-22T00:00:00Z" })).toEqual({ workflow_id: "w", from: "2026-11-22T00:00:00Z", status: "failed" });
    expect(bulkFilter("retry", { status: "cancelled" })).toEqual({ status: "cancelled" });
    expect(bulkFilter("cancel", { record_id: "r" })).toEqual({ record_id: "r", status: undefined });
  });

  it("is nothing where the list shows nothing that it can be done to", () => {
    expect(bulkFilter("retry", { status: "running" })).toBeNull();
    expect(bulkFilter("cancel", { status: "completed" })).toBeNull();
  });

  it("is nothing where a reason is asked for that only what has ended has", () => {
    expect(bulkFilter("cancel", { reason: "goal_met" })).toBeNull();
  });

  it("is for chosen rows those that can be", () => {
    const rows = [{ id: "a", status: "failed" }, { id: "b", status: "running" }, { id: "c", status: "completed" }, { id: "d", status: "cancelled" }] as const;
    expect([possible("retry", rows), possible("cancel", rows)]).toEqual([["a", "d"], ["b"]]);
  });

  it("can be stopped while it goes on, but for resuming a workflow", () => {
    const all = (["queued", "running", "done", "failed", "cancelled"] as const).filter((state) => isStoppable({ kind: "retag", state }));
    expect([all, isStoppable({ kind: "resume", state: "running" })]).toEqual([["queued", "running"], false]);
  });

  it("says where counting stopped", () => {
    expect([countWords({ count: 312, more: false }), countWords({ count: 10_000, more: true })]).toEqual(["312", "10,000+"]);
  });
});

describe("how a job stands", () => {
  const job = { kind: "executions", request: { action: "retry" }, state: "running", done: 120, total: 312, error: null } as const;

  it("is told in words on the way, in the end and where it stopped", () => {
    expect(workWords(job)).toBe("Retrying executions");
    expect(progressWords(job)).toBe("120 of 312");
    expect(progressWords({ ...job, total: null })).toBe("120 so far");
    expect(progressWords({ ...job, state: "done", done: 1 })).toBe("1 execution retried");
    expect(progressWords({ ...job, state: "failed", error: "It broke." })).toBe("Stopped after 120 executions");
    expect(workWords({ kind: "enroll_existing", request: {} })).toBe("Enrolling records");
  });

  it("is a share only where it is known how much there is", () => {
    expect([shareDone(job), shareDone({ ...job, total: null }), shareDone({ ...job, total: 0 }), shareDone({ ...job, done: 400 }), shareDone({ ...job, state: "done", done: 7 })])
      .toEqual([120 / 312, undefined, 0, 1, 1]);
  });
});
