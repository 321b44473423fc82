/** One of a few ways, with what it means. */
import type { ReactNode } from "react";
import { classes } from "@/ui/classes";

interface ChoiceProps { group: string; name: string; checked: boolean; disabled?: boolean; onChoose: () => void; children: ReactNode }

export function Choice({ group, name, checked, disabled = false, onChoose, children }: ChoiceProps) {
  return (
    <label className={classes("flex items-start gap-2.5 rounded-lg border p-3", checked ? "border-accent bg-accent-wash/50" : "border-line-strong", disabled && "opacity-55")}>
      <input type="radio" name={group} checked={checked} disabled={disabled} onChange={onChoose} className="tick mt-0.5" />
      <span><span className="block font-medium">{name}</span><span className="text-ink-soft">{children}</span></span>
    </label>
  );
}
