/** Short messages about something just done. Only the list lives here; Toaster.tsx draws it. */
import { useSyncExternalStore } from "react";

export interface Toast { id: number; tone: "done" | "error"; text: string; undo?: () => void }

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function show(toast: Omit<Toast, "id">, stayForMs: number): void {
  const id = nextId++;
  publish([...toasts.filter((each) => each.text !== toast.text), { ...toast, id }].slice(-4));
  setTimeout(() => dismissToast(id), stayForMs);
}

export function showDone(text: string, undo?: () => void): void {
  show({ tone: "done", text, ...(undo ? { undo } : {}) }, undo ? 8_000 : 4_000);
}

export function showError(text: string): void {
  show({ tone: "error", text }, 9_000);
}

export function dismissToast(id: number): void {
  publish(toasts.filter((each) => each.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
    () => toasts,
  );
}
