/** Retry or cancel all that the list's filter matches; for managers and above. */
import { Ban, ChevronDown, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/api/session";
import { Button } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { bulkFilter, type BulkAction } from "./bulk";
import { BulkDialog } from "./BulkDialog";
import { feedFilter, type MonitorSearch } from "./search";

interface BulkMenuProps {
  search: MonitorSearch;
  workflowName: (id: string) => string | undefined;
  onStarted: (job: string) => void;
}

export function BulkMenu({ search, workflowName, onStarted }: BulkMenuProps) {
  const may = useMay("manager");
  const [asking, setAsking] = useState<{ action: BulkAction; filter: NonNullable<ReturnType<typeof bulkFilter>> } | null>(null);
  if (!may) return null;
  const filter = () => feedFilter(search, Date.now());
  const ask = (action: BulkAction) => { const narrowed = bulkFilter(action, filter()); if (narrowed) setAsking({ action, filter: narrowed }); };
  const can = (action: BulkAction) => bulkFilter(action, filter()) !== null;
  return (
    <>
      <Menu trigger={<Button>Bulk actions<ChevronDown aria-hidden /></Button>}>
        <MenuItem icon={<RotateCcw aria-hidden />} disabled={!can("retry")} onSelect={() => ask("retry")}>{search.status === "cancelled" ? "Retry all cancelled…" : "Retry all failed…"}</MenuItem>
        <MenuItem icon={<Ban aria-hidden />} danger disabled={!can("cancel")} onSelect={() => ask("cancel")}>Cancel all that have not ended…</MenuItem>
      </Menu>
      {asking && (
        <BulkDialog {...asking} search={search} workflowName={asking.filter.workflow_id ? workflowName(asking.filter.workflow_id) : undefined}
          onStarted={onStarted} onClose={() => setAsking(null)} />
      )}
    </>
  );
}
