/** Tabs that are places: each has an address, so the tab is a link. */
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

export interface TabLink { label: ReactNode; link: LinkProps; exact?: boolean; count?: number | undefined }

export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav ref={showChosen} aria-label={label} className="-mx-2 flex gap-1 overflow-x-auto [scrollbar-width:none]">
      {tabs.map((tab, index) => (
        <Link key={index} {...tab.link} activeOptions={{ exact: tab.exact ?? false, includeSearch: false }}
          className="group relative flex h-9 shrink-0 items-center px-2 text-ink-soft hover:text-ink"
          activeProps={{ className: "!text-ink font-medium after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full after:bg-accent", "aria-current": "page" }}>
          {tab.label}
          {tab.count !== undefined && <span className="tabular ml-1.5 rounded-full bg-hover px-1.5 text-xs text-ink-soft">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** On a phone the row scrolls; the chosen tab must not be out of sight. */
function showChosen(row: HTMLElement | null): void {
  row?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
