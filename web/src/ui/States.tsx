/** What a page shows when there is nothing, not yet, or something went wrong. */
import { CircleAlert, Lock, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { Button } from "./Button";
import { classes } from "./classes";

interface EmptyProps { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }

/** `children` say what to do next. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center">
      {icon && <div className="mb-3 flex size-11 items-center justify-center rounded-xl bg-accent-wash text-accent-text [&_svg]:size-5">{icon}</div>}
      <h2 className="text-lg">{title}</h2>
      {children && <div className="mt-1 text-balance text-ink-soft">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** A failed load: what happened, what to do, and the button that does it. Trying again does not help who may not see it. */
export function Failure({ error, onRetry, className }: { error: unknown; onRetry?: () => void; className?: string }) {
  if (error instanceof ApiError && error.status === 403) {
    return <Empty icon={<Lock aria-hidden />} title="This is not open to you">{messageOf(error)} An owner or admin of the account can change your role.</Empty>;
  }
  const title = error instanceof ApiError ? error.title : "This could not be shown";
  return (
    <div role="alert" className={classes("mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center", className)}>
      <div className="mb-3 flex size-11 items-center justify-center rounded-xl bg-bad-wash text-bad"><CircleAlert aria-hidden className="size-5" /></div>
      <h2 className="text-lg">{title}</h2>
      <p className="mt-1 text-balance text-ink-soft">{messageOf(error)}</p>
      {onRetry && <Button className="mt-4" onClick={onRetry}><RotateCw aria-hidden />Try again</Button>}
    </div>
  );
}

/** An error beside a form or inside a panel. */
export function Notice({ tone = "bad", title, children, action }: { tone?: "bad" | "wait" | "live" | "ok"; title?: string; children?: ReactNode; action?: ReactNode }) {
  const look = { bad: "bg-bad-wash text-bad", wait: "bg-wait-wash text-wait", live: "bg-live-wash text-live", ok: "bg-ok-wash text-ok" }[tone];
  return (
    <div role={tone === "bad" ? "alert" : "status"} className={classes("flex items-start gap-3 rounded-lg px-3 py-2.5", look)}>
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="break-words">{children}</div>}
      </div>
      {action}
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classes("skeleton block h-3.5", className)} />;
}

export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-10.5 items-center gap-6 px-4 sm:px-6">
          <Skeleton className="w-1/4" /><Skeleton className="w-1/6" /><Skeleton className="hidden w-1/5 sm:block" /><Skeleton className="ml-auto w-14" />
        </div>
      ))}
    </div>
  );
}
