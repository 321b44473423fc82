/** The score, and on a click how it came to be so. */
import { Popover } from "radix-ui";
import type { Contact } from "@/api/types";
import { classes } from "@/ui/classes";
import { Time } from "@/ui/Time";
import { ByWorkflow } from "./ByWorkflow";
import { useHistory } from "./queries";
import { actorWords, scoreChanges, type ScoreChange } from "./story";

export function ScoreCard({ contact }: { contact: Contact }) {
  const history = useHistory("contact", contact.id);
  const changes = scoreChanges(history.data?.pages.flatMap((page) => page.items) ?? []);
  const latest = changes[0];
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="inline-flex h-7 items-center gap-2 rounded-md border border-line-strong px-2.5 hover:bg-hover">
          <span className="text-ink-soft">Score</span><span className="tabular font-semibold">{contact.lead_score}</span>
          {latest && <Delta change={latest} />}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content aria-label="How the score changed" align="start" sideOffset={5} collisionPadding={8} className="z-50 max-h-96 w-84 max-w-[calc(100vw-1rem)] animate-enter overflow-y-auto rounded-lg bg-raised p-3 shadow-pop">
          <h2 className="mb-2 text-base">How the score changed</h2>
          {changes.length === 0 ? <p className="text-ink-soft">It has not changed in the history shown.</p> : (
            <ol className="flex flex-col gap-2">
              {changes.map((change) => (
                <li key={change.id} className="flex items-baseline gap-2">
                  <span className="tabular w-9 text-right"><Delta change={change} /></span>
                  <span className="tabular w-7 text-right font-medium">{change.now}</span>
                  <span className="min-w-0 flex-1 text-ink-soft">{change.entry.execution ? <ByWorkflow execution={change.entry.execution} /> : actorWords(change.entry) ?? "when created"}</span>
                  <span className="text-sm text-ink-faint"><Time at={change.at} short /></span>
                </li>
              ))}
            </ol>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Delta({ change }: { change: ScoreChange }) {
  return <span className={classes("tabular text-sm", change.by > 0 ? "text-ok" : "text-bad")}>{change.by > 0 ? "+" : "−"}{Math.abs(change.by)}</span>;
}
