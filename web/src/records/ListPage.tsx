/** The frame of every list of records: search, filters, columns, the table, and the panel for a new one. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useRef, useState, type ReactNode } from "react";
import { useList } from "@/api/pages";
import { useMay, useMe } from "@/api/session";
import type { RecordType } from "@/api/types";
import { addressOf } from "@/app/links";
import { Button } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { FilterBar, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { Empty, Failure } from "@/ui/States";
import { useWidth } from "@/ui/width";
import type { Condition } from "@/workflows/types";
import { useHiddenColumns } from "./columnChoice";
import { ColumnChooser } from "./ColumnChooser";
import type { FilterProps } from "./filterControls";
import { askedFilter, isNarrowed, type ListSearch } from "./filters";
import { PATHS, type AnyRecord } from "./names";
import { RecordForm } from "./RecordForm";
import { SEARCHED } from "./RecordPicker";

interface ListPageProps<T extends AnyRecord> {
  type: Exclude<RecordType, "task">;
  title: string;
  one: string;
  search: ListSearch;
  onSearch: (search: ListSearch) => void;
  /** Columns for the rows that are loaded: names of what they point to are read for these. */
  useColumns: (rows: readonly T[]) => readonly Column<T>[];
  filters: (props: FilterProps) => ReactNode;
  usuallyHidden?: Readonly<Record<string, boolean>>;
  icon: ReactNode;
  /** What to do when there is none. */
  advice: string;
}

export function ListPage<T extends AnyRecord>({ type, title, one, search, onSearch, useColumns, filters, usuallyHidden, icon, advice }: ListPageProps<T>) {
  const navigate = useNavigate();
  const may = useMay("member");
  const { user } = useMe();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [creating, setCreating] = useState(false);
  const list = useList<T>(PATHS[type], { filter: askedFilter(search, SEARCHED[type]), sort: search.sort });
  const columns = useColumns(list.rows);
  const [hidden, setHidden] = useHiddenColumns(PATHS[type].slice(1), usuallyHidden);
  const open = useCallback((row: AnyRecord) => void navigate({ href: addressOf(type, row.id) ?? "/" }), [navigate, type]);
  const change = useCallback((next: Partial<Record<keyof ListSearch, unknown>>) => onSearch(compact({ ...search, ...next })), [search, onSearch]);
  const onFilter = useCallback((filter: Condition | undefined) => change({ filter }), [change]);
  const add = may && <Button look="primary" onClick={() => setCreating(true)}><Plus aria-hidden />New {one}</Button>;
  const narrowed = isNarrowed(search);
  return (
    <Page title={title} fills actions={add} bar={
      <FilterBar>
        <div className="w-52 shrink-0 sm:w-auto"><SearchBox value={search.q ?? ""} placeholder={`Search ${title.toLowerCase()}`} onChange={(q) => change({ q })} /></div>
        {filters({ filter: search.filter, onFilter })}
        {narrowed && <Button look="quiet" onClick={() => onSearch(compact({ sort: search.sort }))}>Clear filters</Button>}
        <span className="hidden sm:ml-auto sm:block"><ColumnChooser columns={columns} hidden={hidden} width={width} onChange={setHidden} /></span>
      </FilterBar>
    }>
      <div ref={frame} className="flex min-h-0 flex-1 flex-col">
        {list.error && list.rows.length === 0 ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
          <DataTable label={title} columns={columns} rows={list.rows} rowKey={(row) => row.id} onOpen={open} loading={list.isLoading}
            onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} hidden={hidden} sort={search.sort ?? "-created_at"} onSort={(sort) => change({ sort: sort === "-created_at" ? undefined : sort })}
            empty={narrowed
              ? <Empty icon={icon} title={`No ${one} matches`} action={<Button onClick={() => onSearch(compact({ sort: search.sort }))}>Clear filters</Button>}>Try fewer words, or drop a filter.</Empty>
              : <Empty icon={icon} title={`No ${title.toLowerCase()} yet`} action={add || undefined}>{advice}</Empty>} />
        )}
      </div>
      {creating && <RecordForm<T> type={type} record={null} preset={{ owner_id: user.id }} onClose={() => setCreating(false)} onSaved={open} />}
    </Page>
  );
}

function compact(search: Partial<Record<keyof ListSearch, unknown>>): ListSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== "")) as ListSearch;
}
