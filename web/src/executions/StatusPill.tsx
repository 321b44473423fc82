/** The status of an execution or step. */
import { Pill } from "@/ui/Pill";
import type { ExecutionStatus, StepStatus } from "./types";
import { lookOf } from "./words";

export function StatusPill({ status }: { status: ExecutionStatus | StepStatus }) {
  const { label, tone, breathing = false } = lookOf(status);
  return <Pill tone={tone} dot breathing={breathing}>{label}</Pill>;
}
