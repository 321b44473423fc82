/** Draws the toasts and announces them to screen readers. */
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { dismissToast, useToasts } from "./toasts";

export function Toaster() {
  const toasts = useToasts();
  return (
    <div data-toasts="" aria-live="polite" className="pointer-events-none fixed inset-x-3 bottom-3 z-60 flex flex-col items-end gap-2 sm:left-auto sm:w-96">
      {toasts.map((toast) => (
        <div key={toast.id} role={toast.tone === "error" ? "alert" : "status"}
          className="pointer-events-auto flex w-full animate-enter items-start gap-2.5 rounded-lg bg-raised px-3.5 py-3 shadow-pop">
          {toast.tone === "error"
            ? <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
            : <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />}
          <p className="min-w-0 flex-1 break-words">{toast.text}</p>
          {toast.undo && (
            <button className="font-medium text-accent-text hover:underline" onClick={() => { toast.undo?.(); dismissToast(toast.id); }}>Undo</button>
          )}
          <button aria-label="Dismiss" className="rounded-sm text-ink-faint hover:text-ink" onClick={() => dismissToast(toast.id)}>
            <X aria-hidden className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
