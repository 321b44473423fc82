/** One input that is held back, with all that is known of it. */
import { Link } from "@tanstack/react-router";
import { RotateCcw, Trash2 } from "lucide-react";
import { addressOf } from "@/app/links";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Fact, Facts } from "@/ui/Facts";
import { Notice } from "@/ui/States";
import { Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { whatWords, type HeldInput } from "./heldBack";

interface HeldInputDialogProps { input: HeldInput; busy: boolean; onClose: () => void; onRetry: () => void; onDiscard: () => void }

export function HeldInputDialog({ input, busy, onClose, onRetry, onDiscard }: HeldInputDialogProps) {
  const held = input.state === "held";
  return (
    <Dialog open side onClose={onClose} title={whatWords(input)} description={input.workflow?.name ? `In “${input.workflow.name}”` : undefined}
      footer={held ? <>
        <Button look="danger" onClick={onDiscard}><Trash2 aria-hidden />Discard</Button>
        <Button look="primary" busy={busy} onClick={onRetry}><RotateCcw aria-hidden />Retry</Button>
      </> : <Button onClick={onClose}>Close</Button>}>
      <div className="flex flex-col gap-4">
        <Notice title={input.why}>{held ? nextWords(input) : input.note ?? "It was discarded."}</Notice>
        <About input={input} />
        {input.error && <section><h3 className="mb-1 text-sm text-ink-soft">What the worker said</h3><p className="font-mono text-sm break-words">{input.error}</p></section>}
        {input.trace && (
          <details>
            <summary className="cursor-pointer text-sm text-ink-soft">Trace</summary>
            <pre className="mt-2 rounded-lg bg-sunken p-3 text-xs break-words whitespace-pre-wrap">{input.trace}</pre>
          </details>
        )}
      </div>
    </Dialog>
  );
}

function About({ input }: { input: HeldInput }) {
  const href = input.record ? addressOf(input.record.type, input.record.id) : undefined;
  return (
    <Facts>
      {input.workflow && <Fact name="Workflow"><Link to="/workflows/$workflowId" params={{ workflowId: input.workflow.id }} className="font-medium text-accent-text hover:underline">{input.workflow.name ?? "Deleted"}</Link></Fact>}
      {input.record && <Fact name={codeWords(input.record.type)}>{href ? <Link to={href} className="font-medium text-accent-text hover:underline">{input.record.name ?? "Open"}</Link> : input.record.name}</Fact>}
      {input.execution_id && <Fact name="Execution"><Link to="/executions/$executionId" params={{ executionId: input.execution_id }} className="font-medium text-accent-text hover:underline">Open</Link></Fact>}
      {input.event?.type && <Fact name="Event">{input.event.type}</Fact>}
      <Fact name="Held since"><Time at={input.at} /></Fact>
      {input.decided_at && <Fact name="Discarded"><Time at={input.decided_at} /></Fact>}
    </Facts>
  );
}

/** What retrying it would do. */
function nextWords(input: HeldInput): string {
  if (input.kind === "event") return "Once the cause is gone, retry it: what it should have started starts then, with the version of its time.";
  if (input.execution_id) return "Its execution failed. Retried, it goes on where it stood; nothing that was sent is sent again.";
  return "Once the cause is gone, retry it.";
}
