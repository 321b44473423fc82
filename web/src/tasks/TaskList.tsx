/** Tasks under headings by when they are due: virtual, walked with j and k, ticked off with x, opened with Enter. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { Task } from "@/api/types";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/Time";
import { currentZone } from "@/words/time";
import { useAround } from "./around";
import { GROUP_NAMES, linesOf, type TaskLine } from "./due";
import { TaskRow } from "./TaskRow";

interface TaskListProps {
  tasks: readonly Task[];
  /** Without headings where the order is another than by due time. */
  grouped: boolean;
  onTick: (task: Task) => void;
  onOpen: (task: Task) => void;
  onEnd: () => void;
  loadingMore: boolean;
  /** Whether the last group may hold more than is loaded. */
  hasMore: boolean;
}

export function TaskList({ tasks, grouped, onTick, onOpen, onEnd, loadingMore, hasMore }: TaskListProps) {
  const now = useNow(60_000);
  const around = useAround(tasks);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo((): readonly TaskLine[] => (grouped ? linesOf(tasks, now, currentZone()) : tasks.map((task) => ({ task }))), [tasks, grouped, now]);
  const [active, setActive] = useState(-1);
  const virtual = useVirtualizer({
    count: lines.length, getScrollElement: () => scroller.current, overscan: 12,
    estimateSize: (index) => ("task" in (lines[index] ?? {}) ? 48 : 36),
    getItemKey: (index) => { const line = lines[index]; return line && "task" in line ? line.task.id : `${line?.heading ?? index}`; },
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? -1;
  useEffect(() => { if (tasks.length > 0 && lastSeen >= lines.length - 10) onEnd(); }, [lastSeen, lines.length, tasks.length, onEnd]);

  const taskAt = (index: number) => { const line = lines[index]; return line && "task" in line ? line.task : undefined; };
  const nextTask = (from: number, step: number): number | undefined => {
    let next = from + step;
    while (lines[next] && !taskAt(next)) next += step;
    return taskAt(next) ? next : undefined;
  };
  const go = (index: number) => {
    setActive(index);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-line="${index}"]`)?.focus());
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
    const row = event.target instanceof HTMLElement ? event.target.dataset["line"] : undefined;
    const here = row === undefined ? active : Number(row);
    const step = event.key === "j" || event.key === "ArrowDown" ? 1 : event.key === "k" || event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = nextTask(Math.min(here, lines.length), step);
      if (next !== undefined) go(next);
    }
    const task = taskAt(here);
    if (task && event.key === "x") {
      event.preventDefault();
      onTick(task);
      // The row is about to leave, and the focus with it.
      const next = nextTask(here, 1) ?? nextTask(here, -1);
      if (next !== undefined) go(next);
    }
    if (task && event.key === "Enter" && row !== undefined) { event.preventDefault(); onOpen(task); }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <ul aria-label="Tasks" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const task = "task" in line ? line.task : undefined;
          return (
            <li key={item.key} {...(task ? { "data-line": item.index, tabIndex: item.index === active || (active < 0 && item.index <= 1) ? 0 : -1, onFocus: () => setActive(item.index) } : {})}
              className={classes("absolute inset-x-0 top-0 outline-none", task ? "border-b border-line hover:bg-hover focus-visible:bg-hover focus-visible:shadow-[inset_2px_0_0_var(--accent)]" : "bg-sunken/60")}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
              {task ? <TaskRow task={task} around={around} onTick={onTick} onOpen={onOpen} /> : "heading" in line && <Heading line={line} more={hasMore && lines.slice(item.index + 1).every((each) => "task" in each)} />}
            </li>
          );
        })}
      </ul>
      {loadingMore && <p className="py-3 text-center text-sm text-ink-faint">Loading more…</p>}
    </div>
  );
}

function Heading({ line, more }: { more: boolean; line: { heading: keyof typeof GROUP_NAMES; count: number } }) {
  return <h2 className={classes("flex h-full items-center gap-2 border-b border-line px-4 text-sm font-medium sm:px-6", line.heading === "overdue" ? "text-bad" : "text-ink-soft")}>{GROUP_NAMES[line.heading]}<span className="tabular font-normal text-ink-faint">{line.count}{more && "+"}</span></h2>;
}

/** Typing, or a dialog or menu is open: the keys are theirs. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("[role=dialog], [role=menu]")) return true;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
