/** Gives the focus back to where it was when a dialog closes. Dialogs here are opened by state, so Radix knows no trigger. */
import { useState } from "react";
import { focusPage } from "./pageFocus";

/** For `onCloseAutoFocus`; where the opener is gone, the page's heading gets the focus. Call it where `open` is known, outside the portal. */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const [was, setWas] = useState(false);
  const [openers, setOpeners] = useState<readonly HTMLElement[]>([]);
  if (open !== was) {
    setWas(open);
    if (open) setOpeners(openersOf());
  }
  return (event) => {
    event.preventDefault();
    const target = openers.find((each) => each.isConnected);
    const above = document.querySelector("[role=dialog][data-state=open]");
    if (above && !(target && above.contains(target))) return;
    if (target) target.focus({ preventScroll: true });
    else focusPage();
  };
}

/** Those of the newest dialog: one that takes another's place, as a form that of its skeleton, goes back to the same. */
let newest: readonly HTMLElement[] = [];

function openersOf(): readonly HTMLElement[] {
  const active = document.activeElement;
  // Of a menu that is about to close it is the button that opened it.
  const button = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const opener = button ? document.getElementById(button) : active;
  const own = opener instanceof HTMLElement && opener !== document.body ? [opener] : [];
  // A click beside a dialog leaves the focus nowhere, though the dialog is still there and asks about it.
  const dialog = active?.closest<HTMLElement>("[role=dialog]") ?? document.querySelector<HTMLElement>("[role=dialog][data-state=open]");
  newest = dialog ? [...own, dialog, ...newest] : own;
  return newest;
}
