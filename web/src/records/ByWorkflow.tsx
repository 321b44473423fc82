/** "by Welcome new contacts": the workflow that did it, leading to the execution. */
import { Link } from "@tanstack/react-router";
import { Zap } from "lucide-react";
import type { ByExecution } from "./types";

export function ByWorkflow({ execution }: { execution: ByExecution }) {
  return (
    <Link to="/executions/$executionId" params={{ executionId: execution.id }} title="Open the execution" className="inline-flex max-w-full items-center gap-1 self-center rounded-full bg-accent-wash px-2 text-sm font-medium text-accent-text hover:underline">
      <Zap aria-hidden className="size-3 shrink-0" /><span className="truncate">{execution.workflow_name ?? "A workflow"}</span>
    </Link>
  );
}
