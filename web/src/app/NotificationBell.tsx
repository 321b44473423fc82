/** The bell: what workflows and people told the signed-in person. */
import { useNavigate } from "@tanstack/react-router";
import { Bell, CheckCheck } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useMarkAllRead, useMarkRead, useNotifications } from "@/api/notifications";
import type { Notification } from "@/api/types";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";
import { addressOf, insideLink } from "./links";

export function NotificationBell() {
  const [open, setOpen] = useState(false);
  const { data, error, isPending, refetch } = useNotifications();
  const markAll = useMarkAllRead();
  const unread = data?.unread ?? 0;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" aria-label={unread ? `Notifications, ${unread} unread` : "Notifications"}
          className="relative mr-2.5 inline-flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink">
          <Bell aria-hidden className="size-4" />
          {unread > 0 && <span aria-hidden className="tabular absolute -top-0.5 left-4 min-w-4 rounded-full bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-accent-ink ring-2 ring-surface">{unread > 99 ? "99+" : unread}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content aria-label="Notifications" align="end" sideOffset={6} collisionPadding={8} className="z-50 flex max-h-[70dvh] w-96 max-w-[calc(100vw-1rem)] animate-enter flex-col rounded-xl bg-raised shadow-pop">
          <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
            <h2 className="text-base">Notifications</h2>
            <Button look="quiet" size="sm" disabled={unread === 0} busy={markAll.isPending} onClick={() => markAll.mutate()}><CheckCheck aria-hidden />Mark all read</Button>
          </header>
          <div className="min-h-0 overflow-y-auto">
            {isPending ? <SkeletonRows rows={4} />
              : error ? <Failure error={error} onRetry={() => void refetch()} className="!py-8" />
              : data.items.length === 0 ? <Empty icon={<Bell aria-hidden />} title="Nothing yet">When a workflow notifies you or your team, it appears here.</Empty>
              : <ul className="divide-y divide-line">{data.items.map((each) => <li key={each.id}><Entry entry={each} onGo={() => setOpen(false)} /></li>)}</ul>}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Entry({ entry, onGo }: { entry: Notification; onGo: () => void }) {
  const navigate = useNavigate();
  const markRead = useMarkRead();
  const href = insideLink(entry.link) ?? (entry.execution_id ? addressOf("execution", entry.execution_id) : undefined);
  const open = () => {
    if (!entry.read_at) markRead.mutate(entry.id);
    if (href) { onGo(); void navigate({ href }); }
  };
  return (
    <button type="button" onClick={open} className="flex w-full items-start gap-2.5 px-4 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2">
      <span aria-label={entry.read_at ? undefined : "Unread"} className={classes("mt-1.5 size-2 shrink-0 rounded-full", !entry.read_at && "bg-accent")} />
      <span className="min-w-0 flex-1">
        <span className={classes("block break-words", entry.read_at ? "text-ink-soft" : "font-medium")}>{entry.text}</span>
        <span className="text-sm text-ink-faint"><Time at={entry.created_at} />{entry.execution_id && " · from a workflow"}</span>
      </span>
    </button>
  );
}
