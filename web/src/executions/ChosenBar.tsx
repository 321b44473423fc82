/** What can be done to the executions that were ticked in the list. */
import { Ban, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Progress } from "@/ui/Progress";
import { plural } from "@/words/numbers";
import { possible, type BulkAction } from "./bulk";
import { useActOnChosen } from "./bulkQueries";
import type { Execution } from "./types";

const WORDS = {
  retry: { title: "Retry", says: "Each goes on from where it stopped; what is finished is not done again." },
  cancel: { title: "Cancel", says: "Steps that are done stay done; each can go on later from where it stood." },
} as const;

export function ChosenBar({ rows, onClear }: { rows: readonly Execution[]; onClear: () => void }) {
  const act = useActOnChosen();
  const [asking, setAsking] = useState<BulkAction | null>(null);
  const ids = { retry: possible("retry", rows), cancel: possible("cancel", rows) };
  const go = (action: BulkAction) => act.mutate({ action, ids: ids[action] }, { onSettled: () => { setAsking(null); onClear(); } });
  return (
    <div role="region" aria-label="Chosen executions" className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-wash px-4 py-2 sm:px-6">
      <p className="mr-auto"><span className="font-medium">{plural(rows.length, "execution")} chosen</span>{ids.cancel.length + ids.retry.length === 0 && <span className="text-ink-soft"> · What is completed can neither be retried nor cancelled.</span>}</p>
      <Button size="sm" look="quiet" onClick={onClear}>Clear</Button>
      {ids.cancel.length > 0 && <Button size="sm" look="danger" onClick={() => setAsking("cancel")}><Ban aria-hidden />Cancel {ids.cancel.length}</Button>}
      {ids.retry.length > 0 && <Button size="sm" look="primary" onClick={() => setAsking("retry")}><RotateCcw aria-hidden />Retry {ids.retry.length}</Button>}
            {asking && (
        <Confirm open title={`${WORDS[asking].title} ${plural(ids[asking].length, "execution")}?`} action={`${WORDS[asking].title} ${ids[asking].length}`} keep="Keep as they are" danger={asking === "cancel"} busy={act.isPending}
          onClose={() => setAsking(null)} onConfirm={() => go(asking)}>
          {act.isPending ? <Progress label="Told so far" share={act.told / Math.max(1, ids[asking].length)} /> : WORDS[asking].says}
        </Confirm>
      )}
    </div>
  );
}
