/**
 * The list of everything: dense rows, virtual, keyset-paged, walked with the arrow keys or j and k.
 * Give it columns and rows; it knows nothing of where the rows come from.
 */
import { columnVisibilityFeature, metaHelper, tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import { classes } from "./classes";
import { SkeletonRows } from "./States";
import { useWidth } from "./width";

export interface Column<Row> {
  id: string;
  header: ReactNode;
  /** Name for the column chooser and screen readers, where the header is not text. */
  name?: string;
  cell: (row: Row) => ReactNode;
  /** A grid track, such as "minmax(12rem,2fr)" or "7rem". */
  width?: string;
  align?: "start" | "end";
  /** Leaves the column out on narrower windows. */
  from?: "sm" | "md" | "lg" | "xl";
  /** The name this column is sorted by in the API; without it the header is plain text. */
  sort?: string;
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Opens a row: Enter or click. The first column should hold the link itself. */
  onOpen?: (row: Row) => void;
  /** Chooses a row: x. */
  onPick?: (row: Row) => void;
  isChosen?: (row: Row) => boolean;
  /** Marks rows that just arrived. */
  isFresh?: (row: Row) => boolean;
  loading?: boolean;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
  onEnd?: () => void;
  loadingMore?: boolean;
  /** "name" or "-name". */
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  hidden?: Readonly<Record<string, boolean>>;
  rowHeight?: number;
}

const features = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<{ index: number }>() });
const WIDTHS = { sm: 640, md: 860, lg: 1100, xl: 1360 };

/** What is chosen is shown, if need be by scrolling sideways; a phone shows what fits. */
export function isColumnShown<Row>(column: Column<Row>, hidden: Readonly<Record<string, boolean>> | undefined, width: number): boolean {
  const chosen = hidden?.[column.id];
  if (chosen !== undefined && (chosen || width >= WIDTHS.sm)) return !chosen;
  return !column.from || width >= WIDTHS[column.from];
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, onEnd, hidden, rowHeight = 42 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const data = rows as Row[];
  const defs = useMemo(() => columns.map((column, index): ColumnDef<typeof features, Row> => ({
    id: column.id, header: () => column.header, cell: ({ row }) => column.cell(row.original), meta: { index },
  })), [columns]);
  const columnVisibility = useMemo(() => Object.fromEntries(columns.map((column) => [column.id, isColumnShown(column, hidden, width)])), [columns, hidden, width]);
  const table = useTable({ features, columns: defs, data, getRowId: rowKey, state: { columnVisibility } });
  const shown = table.getVisibleLeafColumns().map((leaf) => columns[leaf.columnDef.meta?.index ?? 0]).filter((each) => each !== undefined);
  const template = shown.map((column) => column.width ?? "minmax(0,1fr)").join(" ");
  const modelRows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: modelRows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight,
    overscan: 12, getItemKey: (index) => modelRows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 15) onEnd();
  }, [last, rows.length, onEnd]);

  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-auto">
      {(props.loading || rows.length > 0) && <div role="table" aria-label={props.label} aria-rowcount={rows.length + 1} aria-busy={props.loading || undefined} className="w-min min-w-full">
        <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
          <div role="row" className="grid h-9 items-center gap-x-3 border-b border-line px-4 text-xs font-medium text-ink-faint sm:gap-x-5 sm:px-6" style={{ gridTemplateColumns: template }}>
            {shown.map((column) => <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />)}
          </div>
        </div>
        {!props.loading && rows.length > 0 && (
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = modelRows[item.index];
              if (!row) return null;
              return (
                <div key={row.id} role="row" aria-rowindex={item.index + 2} data-row={item.index} tabIndex={-1}
                  onKeyDown={(event) => walk(event, () => props.onOpen?.(row.original), () => props.onPick?.(row.original))}
                  onClick={(event) => { if (props.onOpen && !onControl(event.target)) props.onOpen(row.original); }}
                  className={classes("absolute inset-x-0 top-0 grid items-center gap-x-3 border-b border-line px-4 focus-within:bg-hover hover:bg-hover sm:gap-x-5 sm:px-6 focus-visible:-outline-offset-2",
                    props.onOpen && "cursor-pointer", props.isChosen?.(row.original) && "bg-accent-wash/60", props.isFresh?.(row.original) && "animate-arrive")}
                  style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}>
                  {shown.map((column) => (
                    <div key={column.id} role="cell" className={classes("min-w-0 truncate", column.align === "end" && "tabular pr-2 text-right last:pr-0")}>{column.cell(row.original)}</div>
                  ))}
                </div>
              );
            })}
          </div>
        )}
      </div>}
      {props.loading ? <SkeletonRows rows={10} /> : rows.length === 0 && props.empty}
      {props.loadingMore && <p className="sticky left-0 py-3 text-center text-sm text-ink-faint">Loading more…</p>}
    </div>
  );
}

function HeaderCell<Row>({ column, sort, onSort }: { column: Column<Row>; sort: string | undefined; onSort: ((sort: string) => void) | undefined }) {
  const ascending = sort === column.sort;
  const descending = sort === `-${column.sort}`;
  const sorted = column.sort && (ascending || descending);
  return (
    <div role="columnheader" aria-sort={sorted ? (ascending ? "ascending" : "descending") : undefined}
      className={classes("flex min-w-0 items-center truncate", column.align === "end" && "justify-end pr-2 last:pr-0")}>
      {column.sort && onSort ? (
        <button type="button" className="flex items-center gap-1 rounded-sm hover:text-ink" onClick={() => onSort(ascending ? `-${column.sort}` : column.sort ?? "")}>
          {column.header}{ascending && <ArrowUp aria-hidden className="size-3" />}{descending && <ArrowDown aria-hidden className="size-3" />}
        </button>
      ) : column.header}
    </div>
  );
}

/** A click on a link, button or field inside the row is that control's, not the row's. */
function onControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, select, textarea, label, [role=switch], [role=menuitem]") !== null;
}

function walk(event: KeyboardEvent<HTMLDivElement>, open: () => void, pick: () => void): void {
  const onRow = event.target === event.currentTarget;
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
  if (typing && !(event.target instanceof HTMLInputElement && event.target.type === "checkbox")) return;
  if (event.key === "Enter" && onRow) open();
  if (event.key === "x") pick();
  const step = event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const next = Number(event.currentTarget.dataset["row"]) + step;
  event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
}
