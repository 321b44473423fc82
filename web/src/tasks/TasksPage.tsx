/** What is to be done: mine, my team's, what is late, everything open, and what is done. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ListChecks, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useList } from "@/api/pages";
import { useMay, useMe } from "@/api/session";
import type { Task } from "@/api/types";
import { askedFilter } from "@/records/filters";
import { RecordForm } from "@/records/RecordForm";
import { SEARCHED } from "@/records/RecordPicker";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Kbd } from "@/ui/Kbd";
import { Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { useTick } from "./queries";
import { EMPTY, QUERIES, TABS, type Tab, type TaskSearch } from "./search";
import { TaskList } from "./TaskList";
import { TaskPanel } from "./TaskPanel";

export function TasksPage() {
  const search = useSearch({ from: "/app/tasks" });
  const navigate = useNavigate();
  const { user } = useMe();
  const may = useMay("member");
  const tab = search.tab ?? "mine";
  const list = useList<Task>("/tasks", { ...QUERIES[tab], filter: askedFilter(search.q ? { q: search.q } : {}, SEARCHED.task) }, { refetchInterval: 15_000 });
  const tick = useTick();
  const [creating, setCreating] = useState(false);
  const go = useCallback((change: TaskSearch) => void navigate({ to: "/tasks", search: (old) => clean({ ...old, ...change }), replace: true }), [navigate]);
  const open = useCallback((task: Task) => go({ task: task.id }), [go]);
  const add = may && <Button look="primary" onClick={() => setCreating(true)}><Plus aria-hidden />New task</Button>;
  return (
    <Page title="Tasks" fills actions={add} bar={
      <div className="flex flex-wrap items-center gap-x-4">
        <Tabs tab={tab} q={search.q} />
        <div className="w-full pt-2 pb-2 sm:ml-auto sm:w-auto sm:pt-0"><SearchBox value={search.q ?? ""} placeholder="Search tasks" onChange={(q) => go({ q })} /></div>
      </div>
    }>
      {list.error && list.rows.length === 0 ? <Failure error={list.error} onRetry={() => void list.refetch()} />
        : list.isLoading ? <SkeletonRows rows={8} />
        : list.rows.length === 0
          ? search.q ? <Empty icon={<ListChecks aria-hidden />} title={`No task matches “${search.q}”`} action={<Button onClick={() => go({ q: "" })}>Clear search</Button>}>Titles in this tab are searched.</Empty>
            : <Empty icon={<ListChecks aria-hidden />} title={EMPTY[tab].title} action={add || undefined}>{EMPTY[tab].advice}</Empty>
          : <>
            <TaskList tasks={list.rows} grouped={tab !== "done"} onTick={tick} onOpen={open} onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} hasMore={list.hasNextPage} />
            <p aria-hidden className="hidden shrink-0 items-center gap-4 border-t border-line px-6 py-2 text-sm text-ink-faint lg:flex"><span><Kbd keys="j k" /> move</span><span><Kbd keys="x" /> done</span><span><Kbd keys="Enter" /> open</span></p>
          </>}
      {creating && <RecordForm<Task> type="task" record={null} preset={{ assignee_id: user.id }} onClose={() => setCreating(false)} />}
      {search.task && <TaskPanel id={search.task} onClose={() => go({ task: "" })} />}
    </Page>
  );
}

function Tabs({ tab, q }: { tab: Tab; q: string | undefined }) {
  return (
    <nav aria-label="Tasks" className="-mx-2 flex max-w-full gap-1 overflow-x-auto [scrollbar-width:none]">
      {(Object.entries(TABS) as [Tab, string][]).map(([each, label]) => (
        <Link key={each} to="/tasks" search={clean({ tab: each, q })} replace aria-current={each === tab ? "page" : undefined}
          className={classes("relative flex h-9 shrink-0 items-center px-2 hover:text-ink", each === tab ? "font-medium text-ink after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent" : "text-ink-soft")}>{label}</Link>
      ))}
    </nav>
  );
}

function clean({ tab, task, q }: { tab?: Tab | undefined; task?: string | undefined; q?: string | undefined }): TaskSearch {
  return { ...(tab && tab !== "mine" ? { tab } : {}), ...(task ? { task } : {}), ...(q ? { q } : {}) };
}
