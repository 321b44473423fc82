/** Asks before a page is left while something on it is not saved; the browser asks by itself before it closes or reloads. */
import { useBlocker } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Confirm } from "./Confirm";

export function AskBeforeLeaving({ unsaved, children }: { unsaved: boolean; /** What would be lost. */ children: ReactNode }) {
  const leaving = useBlocker({ shouldBlockFn: () => unsaved, enableBeforeUnload: () => unsaved, withResolver: true, disabled: !unsaved });
  return (
    <Confirm open={leaving.status === "blocked"} title="Leave without saving?" action="Leave and lose changes" keep="Go on editing" danger onClose={() => leaving.reset?.()} onConfirm={() => leaving.proceed?.()}>
      {children}
    </Confirm>
  );
}
