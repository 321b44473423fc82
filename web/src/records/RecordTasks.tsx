/** The tasks of one record: added with one line, done with one click. */
import { Plus } from "lucide-react";
import { useState } from "react";
import { useList } from "@/api/pages";
import { useMay, useMe } from "@/api/session";
import type { Task } from "@/api/types";
import { useAround } from "@/tasks/around";
import { useTick } from "@/tasks/queries";
import { TaskRow } from "@/tasks/TaskRow";
import { Button } from "@/ui/Button";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { RecordForm } from "./RecordForm";

interface RecordTasksProps { about: { contact_id: string } | { company_id: string } | { deal_id: string } }

export function RecordTasks({ about }: RecordTasksProps) {
  const open = useList<Task>("/tasks", { ...about, status: "open", sort: "due_at" }, { limit: 200 });
  const done = useList<Task>("/tasks", { ...about, status: "done", sort: "-completed_at" }, { limit: 50 });
  const { user } = useMe();
  const may = useMay("member");
  const tick = useTick();
  const tasks = [...open.rows, ...done.rows];
  const around = useAround(tasks);
  const [editing, setEditing] = useState<Task | "new" | null>(null);
  const error = open.error ?? done.error;
  const add = may && <Button onClick={() => setEditing("new")}><Plus aria-hidden />New task</Button>;
  if (error && tasks.length === 0) return <Failure error={error} onRetry={() => { void open.refetch(); void done.refetch(); }} />;
  if (open.isLoading || done.isLoading) return <SkeletonRows rows={4} />;
  return (
    <>
      {tasks.length === 0 ? <Empty title="No tasks here" action={add || undefined}>Write down what is to be done about this record, or let a workflow do it.</Empty> : (
        <>
          <div className="mb-3 flex justify-end">{add}</div>
          <ul className="card divide-y divide-line overflow-hidden">{tasks.map((task) => <li key={task.id} className="h-12 hover:bg-hover"><TaskRow task={task} around={around} onTick={tick} onOpen={setEditing} withRecord={false} /></li>)}</ul>
        </>
      )}
      {editing && <RecordForm<Task> type="task" record={editing === "new" ? null : editing} preset={{ assignee_id: user.id, ...about }} onClose={() => setEditing(null)} />}
    </>
  );
}
