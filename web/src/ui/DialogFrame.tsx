/** How every dialog looks: in the middle, or a sheet from the right (`side`) for longer forms. It decides nothing about closing. */
import { Dialog as Radix } from "radix-ui";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes";
import { useReturnFocus } from "./returnFocus";

export interface DialogFrameProps {
  open: boolean;
  /** Esc, a click outside, the cross, or `Cancel`. */
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  side?: boolean;
  wide?: boolean;
  /** Buttons, kept in view while the content scrolls. */
  footer?: ReactNode;
  children?: ReactNode;
}

export function DialogFrame({ open, onClose, title, description, side = false, wide = false, footer, children }: DialogFrameProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={(next) => { if (!next) onClose(); }}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Radix.Content onOpenAutoFocus={focusFirst} onCloseAutoFocus={returnFocus} onInteractOutside={keepForToasts} {...(description ? {} : { "aria-describedby": undefined })}
          className={classes("fixed z-50 flex flex-col bg-surface text-ink shadow-pop outline-none",
            side ? "inset-y-0 right-0 w-full max-w-120 animate-slide sm:inset-y-2 sm:right-2 sm:rounded-xl"
              : "inset-x-0 bottom-0 mx-auto max-h-[90dvh] w-full animate-enter rounded-t-xl sm:top-[12vh] sm:bottom-auto sm:max-h-[76vh] sm:rounded-xl",
            !side && (wide ? "sm:max-w-2xl" : "sm:max-w-lg"))}>
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-0.5 text-ink-soft">{description}</Radix.Description>}
            </div>
            <Radix.Close aria-label="Close" className="-mr-1.5 inline-flex size-7 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"><X aria-hidden className="size-4" /></Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
          {footer && <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Into the first field where there is one, else onto the dialog itself; never onto "Close". */
function focusFirst(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement) || dialog.contains(document.activeElement)) return;
  const field = dialog.querySelector<HTMLElement>("input:not([type=hidden]):not(:disabled), textarea:not(:disabled), select:not(:disabled)");
  (field ?? dialog).focus();
}

/** A toast lies above the dialog: dismissing it closes nothing else. */
function keepForToasts(event: Event): void {
  if (event.target instanceof Element && event.target.closest("[data-toasts]")) event.preventDefault();
}
