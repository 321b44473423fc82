/**
 * The live list of executions, as a pure function of what was read and what the stream said.
 *
 * Rules: a row is known by its id; of two tellings of a row the higher revision is kept, so
 * the order and the repeats of messages do not matter; a row is shown while it passes the
 * filter; the list goes by id, which begins with the time; a row older than the last loaded
 * page waits for that page. What results equals a fresh read. No React, no network, no clock.
 */
import type { Execution, ExecutionStatus } from "./types";

export interface FeedFilter {
  workflow_id?: string | undefined;
  status?: ExecutionStatus | undefined;
  reason?: string | undefined;
  record_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Rows the stream told, newest telling per id. */
export type Live = ReadonlyMap<string, Execution>;

export type FeedEvent = { type: "rows"; rows: readonly Execution[] } | { type: "reset" };

export const nothingLive: Live = new Map();
const KEPT = 2_000;

export function reduceLive(live: Live, event: FeedEvent): Live {
  if (event.type === "reset") return nothingLive;
  const next = new Map(live);
  let changed = false;
  for (const row of event.rows) {
    const known = next.get(row.id);
    if (!isNewer(row, known)) continue;
    next.delete(row.id);
    next.set(row.id, newest(row, known));
    changed = true;
  }
  if (!changed) return live;
  for (const id of next.keys()) {
    if (next.size <= KEPT) break;
    next.delete(id);
  }
  return next;
}

/** The list as a fresh read would give it. `more` says that older pages are not loaded yet. */
export function feedRows(snapshot: readonly Execution[], live: Live, filter: FeedFilter, more: boolean): Execution[] {
  const byId = new Map(snapshot.map((row) => [row.id, row]));
  const oldest = more ? snapshot.at(-1) : undefined;
  for (const row of live.values()) {
    const known = byId.get(row.id);
    if (known ? isNewer(row, known) : !oldest || row.id > oldest.id) byId.set(row.id, known ? newest(row, known) : row);
  }
  return [...byId.values()].filter((row) => passes(row, filter)).sort(newestFirst);
}

export function passes(row: Execution, filter: FeedFilter): boolean {
  const startedAt = Date.parse(row.started_at);
  return (!filter.workflow_id || row.workflow_id === filter.workflow_id)
    && (!filter.status || row.status === filter.status)
    && (!filter.reason || row.reason === filter.reason)
    && (!filter.record_id || row.record?.id === filter.record_id)
    && (!filter.from || startedAt >= Date.parse(filter.from))
    && (!filter.to || startedAt < Date.parse(filter.to));
}

function isNewer(row: Execution, known: Execution | undefined): boolean {
  return !known || row.revision > known.revision;
}

/** The newer telling, keeping names that only the list read carries. */
function newest(row: Execution, known: Execution | undefined): Execution {
  if (!known) return row;
  const record = row.record && !row.record.name && known.record?.id === row.record.id ? known.record : row.record;
  return { ...known, ...row, record };
}

function newestFirst(one: Execution, other: Execution): number {
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}
