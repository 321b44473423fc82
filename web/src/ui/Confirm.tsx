/** Asks before something that cannot be undone, naming what will happen. */
import type { ReactNode } from "react";
import { Button } from "./Button";
import { Cancel, Dialog } from "./Dialog";

interface ConfirmProps {
  open: boolean;
  title: string;
  children: ReactNode;
  action: string;
  /** The button that does nothing. */
  keep?: string;
  danger?: boolean;
  busy?: boolean;
  /** It turned out that it cannot be done: only the way back is left. */
  impossible?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ open, title, children, action, keep = "Keep as it is", danger = false, busy = false, impossible = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} footer={<>
      <Cancel>{impossible ? "Close" : keep}</Cancel>
      {!impossible && <Button look={danger ? "destroy" : "primary"} busy={busy} onClick={onConfirm}>{action}</Button>}
    </>}>
      <div className="text-ink-soft">{children}</div>
    </Dialog>
  );
}
