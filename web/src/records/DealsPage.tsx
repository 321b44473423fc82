/** Every deal. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleDollarSign } from "lucide-react";
import { useCallback } from "react";
import { usePipelines } from "@/api/people";
import { useMe } from "@/api/session";
import type { Deal, Json } from "@/api/types";
import { isMoney } from "@/words/numbers";
import { readAmount, typedAmount } from "./amounts";
import { useDealColumns } from "./dealColumns";
import { AtLeastFilter, ChoiceFilter, OtherFilters, OwnerFilter, type FilterProps } from "./filterControls";
import { valueIn, withValue, type ListSearch } from "./filters";
import { ListPage } from "./ListPage";

const PIPELINE = { field: "deal.pipeline", op: "eq" };
const STAGE = { field: "deal.stage", op: "eq" };
const STATUS = { field: "deal.status", op: "eq" };
const VALUE = { field: "deal.value", op: "gte" };
const OWNER = { field: "deal.owner_id", op: "eq" };

export function DealsPage() {
  const search = useSearch({ from: "/app/deals" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: ListSearch) => void navigate({ to: "/deals", search: next, replace: true }), [navigate]);
  return (
    <ListPage<Deal> type="deal" title="Deals" one="deal" search={search} onSearch={onSearch} useColumns={useDealColumns} usuallyHidden={{ closed: true, updated: true }}
      filters={(props) => <Filters {...props} />} icon={<CircleDollarSign aria-hidden />} advice="A deal is a chance to sell, in a stage of a pipeline. Create the first one, or let a workflow do it." />
  );
}

function Filters({ filter, onFilter }: FilterProps) {
  const pipelines = usePipelines();
  const { tenant } = useMe();
  const chosen = pipelines.data?.find((each) => each.key === valueIn(filter, PIPELINE)) ?? (pipelines.data?.length === 1 ? pipelines.data[0] : undefined);
  const onPipeline = useCallback((next: FilterProps["filter"]) => onFilter(withValue(next, STAGE, undefined)), [onFilter]);
  const read = useCallback((text: string): Json | undefined => {
    const amount = readAmount(text, tenant.currency);
    return amount ? { amount, currency: tenant.currency } : undefined;
  }, [tenant.currency]);
  return (
    <>
      {(pipelines.data?.length ?? 0) > 1 && <ChoiceFilter filter={filter} onFilter={onPipeline} slot={PIPELINE} label="Pipeline" any="Every pipeline" options={(pipelines.data ?? []).map((each) => [each.key, each.name] as const)} />}
      {chosen && <ChoiceFilter filter={filter} onFilter={onFilter} slot={STAGE} label="Stage" any="Any stage" options={chosen.stages.map((each) => [each.key, each.name] as const)} />}
      <ChoiceFilter filter={filter} onFilter={onFilter} slot={STATUS} label="Status" any="Any status" options={STATUSES} />
      <OwnerFilter type="deal" filter={filter} onFilter={onFilter} />
      <AtLeastFilter filter={filter} onFilter={onFilter} slot={VALUE} label={`Value (${tenant.currency})`} read={read} show={show} />
      <OtherFilters filter={filter} onFilter={onFilter} slots={[PIPELINE, STAGE, STATUS, VALUE, OWNER]} />
    </>
  );
}

const STATUSES = [["open", "Open"], ["won", "Won"], ["lost", "Lost"]] as const;
const show = (value: Json) => (isMoney(value) ? typedAmount(value.amount) : String(value));
