/** Says above the monitor that inputs are held back, while any are. */
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { Notice } from "@/ui/States";
import { plural } from "@/words/numbers";
import { useHeldBack } from "./heldBack";

export function HeldBackBanner() {
  const held = useHeldBack();
  if (held === 0) return null;
  return (
    <div className="px-4 py-3 sm:px-6">
      <Notice tone="wait" action={<Link to="/executions/held-back" className="inline-flex shrink-0 items-center gap-1 font-medium underline">Decide<ArrowRight aria-hidden className="size-4" /></Link>}>
        {held === 1 ? "1 input is held back: it could not be handled, and waits for you to retry or discard it."
          : `${plural(held, "input")} are held back: they could not be handled, and wait for you to retry or discard them.`}
      </Notice>
    </div>
  );
}
