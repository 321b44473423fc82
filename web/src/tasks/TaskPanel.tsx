/** One task opened by its address: what it says, where it belongs, and its form. */
import type { Task } from "@/api/types";
import { RecordForm } from "@/records/RecordForm";
import { useRecord } from "@/records/queries";
import { Dialog } from "@/ui/Dialog";
import { Failure, Skeleton } from "@/ui/States";

export function TaskPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useRecord<Task>("task", id);
  if (data) return <RecordForm<Task> key={data.id} type="task" record={data} onClose={onClose} />;
  return (
    <Dialog open side onClose={onClose} title="Task">
      {error ? <Failure error={error} onRetry={() => void refetch()} className="!py-8" /> : <div className="flex flex-col gap-3"><Skeleton className="w-2/3" /><Skeleton /><Skeleton className="w-1/2" /></div>}
    </Dialog>
  );
}
