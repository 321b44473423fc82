/** The frame of a page: title row with actions, optional tabs or filters, then the content. */
import { useEffect, type ReactNode } from "react";
import { classes } from "./classes";

interface PageProps {
  title: string;
  /** Shown instead of the plain title, such as a title with a status beside it. */
  heading?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
  bar?: ReactNode;
  /** The content scrolls by itself (tables, editors). */
  fills?: boolean;
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, heading, above, actions, bar, fills = false, narrow = false, children }: PageProps) {
  useEffect(() => { document.title = `${title} · Cuework`; }, [title]);
  return (
    <div className="flex h-full min-w-0 flex-col">
      <header className="shrink-0 border-b border-line px-4 pt-3.5 sm:px-6">
        {above && <div className="mb-1 text-sm text-ink-faint">{above}</div>}
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2 pb-3">
          <div className="min-w-0 shrink grow basis-48">{heading ?? <h1 className="w-fit max-w-full truncate text-xl">{title}</h1>}</div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {bar}
      </header>
      <div className={classes("min-h-0 flex-1", fills ? "flex flex-col" : "overflow-y-auto")}>
        {fills ? children : <div className={classes("w-full px-4 py-5 sm:px-6", narrow ? "max-w-3xl" : "max-w-7xl")}>{children}</div>}
      </div>
    </div>
  );
}

/** A row of filters under the title. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="-mx-4 flex items-center gap-2 overflow-x-auto px-4 pb-3 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0">{children}</div>;
}
