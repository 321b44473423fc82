/** A record's page follows what workflows do to it: their messages make it read itself again. */
import { useEffect, useRef } from "react";
import { queryClient } from "@/api/client";
import type { RecordType } from "@/api/types";
import { useExecutionStream } from "@/executions/stream";
import { refresh } from "./queries";

const GATHER_MS = 300;

export function useLiveRecord(type: RecordType, id: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const read = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(type, "task");
      void queryClient.invalidateQueries({ queryKey: ["/executions", "list"] });
    }, GATHER_MS);
  };
  useExecutionStream({ onExecutions: read, onSteps: read, onReset: read }, { record_id: id });
}
