/** Asks before something that cannot be undone, naming what will happen. */
import type { ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface ConfirmProps {
  open: boolean;
  title: string;
  children: ReactNode;
  action: string;
  /** The button that does nothing. */
  keep?: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ open, title, children, action, keep = "Keep as it is", danger = false, busy = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} footer={<>
      <Button onClick={onClose}>{keep}</Button>
      <Button look={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>{action}</Button>
    </>}>
      <div className="text-ink-soft">{children}</div>
    </Dialog>
  );
}
