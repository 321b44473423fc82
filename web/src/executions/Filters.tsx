/** The monitor's filters; each is a part of the address. */
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { FilterBar } from "@/ui/Page";
import { dateTime } from "@/words/time";
import { useRecordName } from "./queries";
import { cleared, isFiltered, SPANS, USUAL_SPAN, type MonitorSearch, type Span } from "./search";
import { EXECUTION_STATUSES, lookOf, REASON_CODES, reasonWords } from "./words";

interface FiltersProps {
  search: MonitorSearch;
  onSearch: (search: MonitorSearch) => void;
  /** Left out where the page is about one workflow. */
  workflows?: readonly { id: string; name: string }[];
  /** At the end of the row. */
  children?: ReactNode;
}

export function Filters({ search, onSearch, workflows, children }: FiltersProps) {
  const recordName = useRecordName(search.record);
  const change = (key: keyof MonitorSearch, value: string) => onSearch({ ...search, [key]: value || undefined });
  return (
    <FilterBar>
      {workflows && (
        <Select aria-label="Workflow" className="filter max-w-52" value={search.workflow ?? ""} onChange={(event) => change("workflow", event.target.value)}>
          <option value="">Every workflow</option>
          {workflows.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </Select>
      )}
      <Select aria-label="Status" className="filter max-w-44" value={search.status ?? ""} onChange={(event) => change("status", event.target.value)}>
        <option value="">Any status</option>
        {EXECUTION_STATUSES.map((each) => <option key={each} value={each}>{lookOf(each).label}</option>)}
      </Select>
      <Select aria-label="Reason" className="filter max-w-44" value={search.reason ?? ""} onChange={(event) => change("reason", event.target.value)}>
        <option value="">Any reason</option>
        {REASON_CODES.map((each) => <option key={each} value={each}>{reasonWords(each)}</option>)}
      </Select>
      {search.from
        ? <Button look="quiet" onClick={() => onSearch({ ...search, from: undefined, to: undefined } as MonitorSearch)}>{dateTime(search.from)}{search.to ? ` – ${dateTime(search.to)}` : ""}<X aria-label="Show the whole time again" /></Button>
        : (
          <Select aria-label="Time" className="filter max-w-44" value={search.span ?? USUAL_SPAN} onChange={(event) => onSearch({ ...search, span: event.target.value as Span })}>
            {Object.entries(SPANS).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </Select>
        )}
      {search.record && <Button look="quiet" onClick={() => change("record", "")}><span className="max-w-56 truncate">{recordName ?? "One record"}</span><X aria-label="Show every record again" /></Button>}
      {isFiltered(search) && <Button look="quiet" onClick={() => onSearch(cleared(search))}>Clear filters</Button>}
      {children && <div className="flex shrink-0 items-center gap-2 sm:ml-auto">{children}</div>}
    </FilterBar>
  );
}
