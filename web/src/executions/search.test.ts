import { describe, expect, it } from "vitest";
import { feedFilter, isFiltered, monitorSearch } from "./search";

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
    expect([isFiltered({ span: "7d" }), isFiltered({ status: "failed" })]).toEqual([false, true]);
  });
});
