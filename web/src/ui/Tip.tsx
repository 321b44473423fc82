/** A short name or explanation on hover and focus. Never the only place for something important. */
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "./Kbd";

export function Tip({ text, shortcut, side = "bottom", children }: { text: ReactNode; shortcut?: string; side?: "top" | "bottom" | "left" | "right"; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content side={side} sideOffset={6} collisionPadding={8}
          className="z-60 flex max-w-72 animate-enter items-center gap-2 rounded-md bg-raised px-2 py-1 text-sm text-ink shadow-pop">
          {text}{shortcut && <Kbd keys={shortcut} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export const TipProvider = Tooltip.Provider;
