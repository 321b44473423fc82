import { describe, expect, it } from "vitest";
import { feedRows, nothingLive, passes, reduceLive, type FeedFilter, type Live } from "./feed";
import type { Execution } from "./types";

function execution(over: Partial<Execution> & { id: string }): Execution {
  return {
    workflow_id: "welcome", workflow_name: "Welcome", version: 1, status: "running", reason: null, reason_text: null, has_errors: false,
    record: { type: "contact", id: "ada", name: "Ada Moreau" }, trigger: { event_id: null, type: "contact.created" },
    test: false, entry_key: "ada", started_at: "2026-11-22T10:00:00Z", finished_at: null, duration_ms: 0, elapsed_ms: 0, next_at: null, updated_at: "2026-11-22T10:00:00Z", revision: 1,
    ...over,
  };
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, second)).toISOString();

/** A small server: it applies changes in order and can be read at any time. */
function serverAfter(changes: readonly Execution[], filter: FeedFilter): Execution[] {
  const rows = new Map<string, Execution>();
  for (const change of changes) rows.set(change.id, change);
  return [...rows.values()].filter((row) => passes(row, filter))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function changesFrom(random: () => number, many: number): Execution[] {
  const revisions = new Map<string, number>();
  return Array.from({ length: many }, () => {
    const id = `e${Math.floor(random() * 12)}`;
    const revision = (revisions.get(id) ?? 0) + 1;
    revisions.set(id, revision);
    const status = (["running", "waiting", "completed", "failed"] as const)[Math.min(revision - 1, 3)] ?? "failed";
    return execution({ id, revision, status, started_at: at(Number(id.slice(1)) % 5) });
  });
}

describe("the live feed", () => {
  it("gives what a fresh read gives, whatever was read before the stream began", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const changes = changesFrom(random, 40);
      const filter: FeedFilter = seed % 2 ? {} : { status: "running" };
      const cut = Math.floor(random() * changes.length);
      const snapshot = serverAfter(changes.slice(0, cut), filter);
      const live = changes.slice(cut).reduce<Live>((sofar, row) => reduceLive(sofar, { type: "rows", rows: [row] }), nothingLive);
      expect(feedRows(snapshot, live, filter, false), `seed ${seed}`).toEqual(serverAfter(changes, filter));
    }
  });

  it("does not depend on the order or the repeats of messages", () => {
    const changes = changesFrom(randomFrom(7), 40);
    const shuffled = [...changes, ...changes].sort((a, b) => (a.id + a.revision < b.id + b.revision ? 1 : -1));
    const live = reduceLive(nothingLive, { type: "rows", rows: shuffled });
    expect(feedRows([], live, {}, false)).toEqual(serverAfter(changes, {}));
  });

  it("ignores a revision older than the one it has", () => {
    const done = execution({ id: "a", revision: 5, status: "completed" });
    const stale = execution({ id: "a", revision: 4, status: "running" });
    expect(feedRows([done], reduceLive(nothingLive, { type: "rows", rows: [stale] }), {}, false)).toEqual([done]);
    const live = reduceLive(nothingLive, { type: "rows", rows: [done] });
    expect(reduceLive(live, { type: "rows", rows: [stale] })).toBe(live);
  });

  it("drops a row that no longer passes the filter", () => {
    const running = execution({ id: "a" });
    const live = reduceLive(nothingLive, { type: "rows", rows: [{ ...running, status: "completed", revision: 2 }] });
    expect(feedRows([running], live, { status: "running" }, false)).toEqual([]);
  });

  it("leaves a row older than the loaded pages to its page", () => {
    const loaded = execution({ id: "b", started_at: at(30) });
    const older = execution({ id: "a", started_at: at(10) });
    const live = reduceLive(nothingLive, { type: "rows", rows: [older] });
    expect(feedRows([loaded], live, {}, true)).toEqual([loaded]);
    expect(feedRows([loaded], live, {}, false)).toEqual([loaded, older]);
  });

  it("keeps a record's name where the stream's row has none", () => {
    const known = execution({ id: "a" });
    const told = execution({ id: "a", revision: 2, record: { type: "contact", id: "ada", name: null } });
    expect(feedRows([known], reduceLive(nothingLive, { type: "rows", rows: [told] }), {}, false)[0]?.record?.name).toBe("Ada Moreau");
  });

  it("forgets everything on reset", () => {
    const live = reduceLive(nothingLive, { type: "rows", rows: [execution({ id: "a" })] });
    expect(reduceLive(live, { type: "reset" }).size).toBe(0);
  });
});
