/**
 * The server's stream of executions, one connection per page. Messages are gathered for a
 * moment and handed over together; a lost connection is opened again, and meanwhile `live` is false.
 */
import { useEffect, useEffectEvent, useState } from "react";
import { urlOf } from "@/api/request";
import type { Execution, StreamedStep } from "./types";

export interface StreamListener {
  onExecutions: (rows: Execution[]) => void;
  onSteps?: (steps: StreamedStep[]) => void;
  /** What was missed cannot be sent again: read the list anew. */
  onReset: () => void;
}

const GATHER_MS = 120;
const REOPEN_MS = 4_000;

export function useExecutionStream({ onExecutions, onSteps, onReset }: StreamListener, query: Record<string, string | undefined> = {}): { live: boolean } {
  const [live, setLive] = useState(false);
  const executions = useEffectEvent(onExecutions);
  const steps = useEffectEvent(onSteps ?? (() => {}));
  const reset = useEffectEvent(onReset);
  const url = urlOf("/executions/stream", query);

  useEffect(() => {
    let source: EventSource | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    let gathering: ReturnType<typeof setTimeout> | undefined;
    let rows: Execution[] = [];
    let stepRows: StreamedStep[] = [];

    const hand = () => {
      gathering = undefined;
      const [handedRows, handedSteps] = [rows, stepRows];
      rows = [];
      stepRows = [];
      if (handedRows.length) executions(handedRows);
      if (handedSteps.length) steps(handedSteps);
    };
    const gather = () => { gathering ??= setTimeout(hand, GATHER_MS); };
    const open = () => {
      source = new EventSource(url, { withCredentials: true });
      source.onopen = () => setLive(true);
      source.onerror = () => {
        setLive(false);
        if (source?.readyState === EventSource.CLOSED) reopening = setTimeout(() => { reset(); open(); }, REOPEN_MS);
      };
      source.addEventListener("execution", (message: MessageEvent<string>) => { const row = parsed<Execution>(message.data); if (row) { rows.push(row); gather(); } });
      source.addEventListener("step", (message: MessageEvent<string>) => { const row = parsed<StreamedStep>(message.data); if (row) { stepRows.push(row); gather(); } });
      source.addEventListener("reset", () => reset());
    };
    open();
    return () => {
      source?.close();
      clearTimeout(reopening);
      clearTimeout(gathering);
    };
  }, [url]);

  return { live };
}

function parsed<T>(data: string): T | undefined {
  try {
    return JSON.parse(data) as T;
  } catch {
    return undefined;
  }
}
