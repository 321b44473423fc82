/**
 * A searchable choice of one or several among options, loaded or searched by whoever uses it.
 * Follows the combobox pattern: arrows move, Enter takes, Esc closes, Backspace removes the last.
 */
import { Popover } from "radix-ui";
import { Check, ChevronsUpDown } from "lucide-react";
import { Command } from "cmdk";
import { useState, type ReactNode } from "react";
import { classes } from "./classes";
import { useFieldWiring } from "./Field";

export interface Choice { value: string; label: string; detail?: string; icon?: ReactNode }

interface PickerProps {
  /** Names the control where no Field does. */
  label?: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
  placeholder?: string;
  /** Offers "nothing" under this name. */
  none?: string;
  /** Set where the server searches; else the choices are filtered here. */
  onSearch?: (text: string) => void;
  loading?: boolean;
  className?: string;
  disabled?: boolean;
  /** Shown while the chosen one is not among the choices. */
  chosen?: Choice | undefined;
}

export function Picker({ label, choices, value, onChange, placeholder = "Choose…", none, onSearch, loading, className, disabled, chosen }: PickerProps) {
  const [open, setOpen] = useState(false);
  const wiring = useFieldWiring();
  const current = choices.find((each) => each.value === value) ?? (value ? chosen ?? { value, label: value } : undefined);
  const take = (next: string | null) => { onChange(next); setOpen(false); };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" {...wiring} disabled={disabled}
          className={classes("control flex items-center gap-2 text-left", className)}>
          {label && <span className="sr-only">{label}: </span>}
          {current?.icon}
          <span className={classes("min-w-0 flex-1 truncate", !current && "text-ink-faint")}>{current?.label ?? placeholder}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content aria-label={label ?? placeholder} align="start" sideOffset={4} collisionPadding={8} className="z-60 w-(--radix-popover-trigger-width) min-w-60 animate-enter overflow-hidden rounded-lg bg-raised shadow-pop">
          <Command label={label ?? placeholder} shouldFilter={!onSearch} className="flex max-h-72 flex-col">
            <Command.Input autoFocus placeholder="Search…" {...(onSearch ? { onValueChange: onSearch } : {})} className="border-b border-line bg-transparent px-3 py-2 outline-none" />
            <Command.List className="overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-center text-ink-faint">{loading ? "Searching…" : "Nothing found. Try another word."}</Command.Empty>
              {none && <Option value="" label={none} checked={value === null} onTake={() => take(null)} />}
              {choices.map((choice) => <Option key={choice.value} {...choice} checked={choice.value === value} onTake={() => take(choice.value)} />)}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Option({ value, label, detail, icon, checked, onTake }: Choice & { checked: boolean; onTake: () => void }) {
  return (
    <Command.Item value={value || label} keywords={[label, detail ?? ""]} onSelect={onTake}
      className="flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover">
      {icon}
      <span className="min-w-0 flex-1"><span className="block truncate">{label}</span>{detail && <span className="block truncate text-xs text-ink-faint">{detail}</span>}</span>
      {checked && <Check aria-hidden className="size-4 text-accent-text" />}
    </Command.Item>
  );
}
