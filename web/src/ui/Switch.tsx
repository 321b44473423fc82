/** On or off, at once. */
import { Switch as Radix } from "radix-ui";

interface SwitchProps { label: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }

export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <Radix.Root aria-label={label} checked={checked} disabled={disabled} onCheckedChange={onChange}
      className="relative h-4.5 w-8 shrink-0 rounded-full border align-middle border-line-input bg-pressed transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50">
      <Radix.Thumb className="block size-3.5 translate-x-px rounded-full bg-ink-faint shadow-sm transition-transform data-[state=checked]:translate-x-[14.5px] data-[state=checked]:bg-accent-ink" />
    </Radix.Root>
  );
}
