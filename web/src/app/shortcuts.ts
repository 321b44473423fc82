/** Keys that work everywhere outside of fields: `g` then a letter, `/`, `?`, Ctrl or Cmd K. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { destinations } from "./destinations";

interface Handlers { onPalette: () => void; onHelp: () => void }
const LEADER_MS = 1_200;

export function useShortcuts({ onPalette, onHelp }: Handlers): void {
  const navigate = useNavigate();
  useEffect(() => {
    let leaderAt = -LEADER_MS;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("[role=dialog]")) return;
      if (event.timeStamp - leaderAt < LEADER_MS) {
        leaderAt = -LEADER_MS;
        const place = destinations.find((each) => each.key === event.key);
        if (place) { event.preventDefault(); void navigate({ to: place.to }); return; }
      }
      if (event.key === "g") leaderAt = event.timeStamp;
      if (event.key === "?") onHelp();
      if (event.key === "j" && !document.activeElement?.closest("[data-row]")) document.querySelector<HTMLElement>("[data-row]")?.focus();
      if (event.key === "/") { event.preventDefault(); focusSearch(onPalette); }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, onPalette, onHelp]);
}

function focusSearch(otherwise: () => void): void {
  const field = document.querySelector<HTMLInputElement>("input[data-search]");
  if (field) field.focus();
  else otherwise();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
