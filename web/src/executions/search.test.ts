import { describe, expect, it } from "vitest";
import { cleared, feedFilter, isFiltered, jobSearch, monitorSearch } from "./search";

const now = Date.UTC(2026, 10, 22, 12, 0, 42);

describe("the filters in the address", () => {
  it("leaves out what is unknown or usual", () => {
    expect(monitorSearch({ status: "exploded", span: "24h", workflow: "", from: "yesterday", other: 1 })).toEqual({});
    expect(monitorSearch({ status: "failed", span: "7d", record: "r" })).toEqual({ status: "failed", span: "7d", record: "r" });
  });

  it("become the API's, by whole minutes", () => {
    expect(feedFilter({ status: "failed" }, now)).toMatchObject({ status: "failed", from: "2026-11-21T12:00:00.000Z", to: undefined });
    expect(feedFilter({ span: "all" }, now).from).toBeUndefined();
  });

  it("prefer a stretch chosen on the chart", () => {
    expect(feedFilter({ span: "1h", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" }, now)).toMatchObject({ from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" });
  });

  it("do not count the span as a filter", () => {
    expect([isFiltered({ span: "7d" }), isFiltered({ job: "j" }), isFiltered({ status: "failed" })]).toEqual([false, false, true]);
  });

  it("are cleared without losing the time and the job that is watched", () => {
    expect(cleared({ status: "failed", record: "r", span: "7d", job: "j" })).toEqual({ span: "7d", job: "j" });
  });

  it("lead from a job to what it was about, whatever its status is by now", () => {
    const request = { action: "retry", filter: { workflow_id: "w", status: "failed", record_id: null, from_at: "2026-11-22T10:00:00.000Z", to_at: null } };
    expect(jobSearch({ id: "j", request })).toEqual({ span: "all", workflow: "w", from: "2026-11-22T10:00:00.000Z", job: "j" });
    expect(jobSearch({ id: "j", request: { workflow_id: "w", version: 2 } })).toEqual({ span: "all", workflow: "w", job: "j" });
  });
});
