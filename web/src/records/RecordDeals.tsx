/** The deals of a contact or company. */
import { Link } from "@tanstack/react-router";
import { CircleDollarSign, Plus } from "lucide-react";
import { useState } from "react";
import { useList } from "@/api/pages";
import { usePipelines } from "@/api/people";
import { useMay } from "@/api/session";
import type { Deal, JsonObject } from "@/api/types";
import { Button } from "@/ui/Button";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { money } from "@/words/numbers";
import { DealStatus } from "./cells";
import { RecordForm } from "./RecordForm";

interface RecordDealsProps { about: { contact_id: string } | { company_id: string }; preset: JsonObject }

export function RecordDeals({ about, preset }: RecordDealsProps) {
  const list = useList<Deal>("/deals", about);
  const pipelines = usePipelines();
  const may = useMay("member");
  const [creating, setCreating] = useState(false);
  const stages = new Map(pipelines.data?.flatMap((each) => each.stages.map((stage) => [stage.id, stage.name] as const)));
  const add = may && <Button onClick={() => setCreating(true)}><Plus aria-hidden />New deal</Button>;
  if (list.error && list.rows.length === 0) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isLoading) return <SkeletonRows rows={3} />;
  return (
    <>
      {list.rows.length === 0 ? <Empty icon={<CircleDollarSign aria-hidden />} title="No deals here" action={add || undefined}>A deal is a chance to sell; workflows can follow its value and stage.</Empty> : (
        <>
          <div className="mb-3 flex justify-end">{add}</div>
          <ul className="card divide-y divide-line overflow-hidden">
            {list.rows.map((deal) => (
              <li key={deal.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-hover">
                <Link to="/deals/$dealId" params={{ dealId: deal.id }} className="min-w-0 flex-1 basis-full truncate font-medium hover:underline sm:basis-48">{deal.name}</Link>
                <span className="text-ink-soft">{stages.get(deal.stage_id)}</span>
                <DealStatus status={deal.status} />
                <span className="tabular ml-auto min-w-24 text-right">{money(deal.value)}</span>
              </li>
            ))}
          </ul>
          {list.hasNextPage && <Button className="mt-3" busy={list.isFetchingNextPage} onClick={list.loadMore}>Show more</Button>}
        </>
      )}
      {creating && <RecordForm<Deal> type="deal" record={null} preset={preset} onClose={() => setCreating(false)} />}
    </>
  );
}
