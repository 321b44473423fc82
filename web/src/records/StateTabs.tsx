/** Tabs within a page that need no address of their own, by the tablist pattern: arrows move between them. */
import type { KeyboardEvent } from "react";
import { classes } from "@/ui/classes";

interface StateTabsProps<T extends string> { label: string; tabs: readonly (readonly [value: T, label: string])[]; value: T; onChange: (value: T) => void }

export function StateTabs<T extends string>({ label, tabs, value, onChange }: StateTabsProps<T>) {
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.findIndex(([each]) => each === value) + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    onChange(next[0]);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next[0]}"]`)?.focus();
  };
  return (
    <div role="tablist" tabIndex={-1} aria-label={label} onKeyDown={onKey} className="-mx-2 flex gap-1 overflow-x-auto [scrollbar-width:none]">
      {tabs.map(([each, words]) => (
        <button key={each} type="button" role="tab" data-tab={each} aria-selected={each === value} tabIndex={each === value ? 0 : -1} onClick={() => onChange(each)}
          className={classes("relative flex h-9 shrink-0 items-center px-2 hover:text-ink focus-visible:-outline-offset-2", each === value ? "font-medium text-ink after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full after:bg-accent" : "text-ink-soft")}>{words}</button>
      ))}
    </div>
  );
}
