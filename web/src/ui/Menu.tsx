/** A menu of actions on one thing. */
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "./classes";

export function Menu({ trigger, align = "end", children }: { trigger: ReactNode; align?: "start" | "end"; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} sideOffset={5} collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 animate-enter overflow-y-auto rounded-lg bg-raised p-1 shadow-pop">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps { icon?: ReactNode; danger?: boolean; disabled?: boolean; onSelect?: () => void; asChild?: boolean; children: ReactNode }

export function MenuItem({ icon, danger = false, disabled = false, onSelect, asChild = false, children }: MenuItemProps) {
  return (
    <Radix.Item asChild={asChild} disabled={disabled} {...(onSelect ? { onSelect } : {})}
      className={classes("flex cursor-default items-center gap-2.5 rounded-md px-2 py-1.5 outline-none select-none data-[disabled]:opacity-45 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0",
        danger ? "text-bad" : "text-ink [&_svg]:text-ink-faint")}>
      {asChild ? children : <>{icon}{children}</>}
    </Radix.Item>
  );
}

export function MenuChoice({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <Radix.CheckboxItem checked={checked} onCheckedChange={onChange} onSelect={(event) => event.preventDefault()}
      className="relative flex cursor-default items-center rounded-md py-1.5 pr-2 pl-7 outline-none select-none data-[highlighted]:bg-hover">
      <Radix.ItemIndicator className="absolute left-2.5 text-accent-text">✓</Radix.ItemIndicator>{children}
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1.5 text-xs text-ink-faint">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}
