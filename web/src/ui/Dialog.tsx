/**
 * A dialog or sheet. With `unsaved` it asks before Esc, a click outside, the cross, `Cancel` or the browser's
 * Back would throw away what is in it; untouched it closes at once. Whoever saves calls its own `onClose`.
 */
import { useBlocker } from "@tanstack/react-router";
import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { Button } from "./Button";
import { DialogFrame, type DialogFrameProps } from "./DialogFrame";

interface Question { title: string; words: ReactNode; action: string; keep: string }

interface DialogProps extends DialogFrameProps {
  /** Closing would lose something. */
  unsaved?: boolean;
  /** What is asked then. */
  question?: Question;
}

const DISCARD: Question = { title: "Discard what you typed?", words: "It is not saved anywhere.", action: "Discard", keep: "Go on editing" };

export function Dialog({ unsaved = false, question = DISCARD, onClose, ...frame }: DialogProps) {
  const [asking, setAsking] = useState(false);
  const guarded = frame.open && unsaved;
  const leaving = useBlocker({
    // A link or a save that leads on has said what it wants; only Back and Forward may be a slip.
    shouldBlockFn: ({ action }) => guarded && action !== "PUSH" && action !== "REPLACE",
    enableBeforeUnload: () => guarded, withResolver: true, disabled: !guarded,
  });
  const keep = () => { setAsking(false); leaving.reset?.(); };
  const discard = () => { setAsking(false); onClose(); leaving.proceed?.(); };
  return (
    <>
      <DialogFrame {...frame} onClose={() => { if (guarded) setAsking(true); else onClose(); }} />
      <DialogFrame open={guarded && (asking || leaving.status === "blocked")} onClose={keep} title={question.title} footer={<>
        <Cancel>{question.keep}</Cancel>
        <Button look="destroy" onClick={discard}>{question.action}</Button>
      </>}>
        <div className="text-ink-soft">{question.words}</div>
      </DialogFrame>
    </>
  );
}

/** Closes the dialog in whose footer it stands, and asks where the dialog would ask. */
export function Cancel({ children = "Cancel" }: { children?: ReactNode }) {
  return <Radix.Close asChild><Button>{children}</Button></Radix.Close>;
}
