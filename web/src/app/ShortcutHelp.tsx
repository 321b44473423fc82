/** The list of keys. */
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { destinations } from "./destinations";

const GENERAL: readonly (readonly [string, string])[] = [
  ["Search everything", "Ctrl K"], ["Search this list", "/"], ["Next, previous row", "j k"], ["Open the row", "Enter"], ["Choose or tick off", "x"],
  ["Save", "Ctrl S"], ["Close or cancel", "Esc"], ["This help", "?"],
];

export function ShortcutHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const rows = [...GENERAL, ...destinations.map((each) => [`Go to ${each.label.toLowerCase()}`, `g ${each.key}`] as const)];
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard">
      <dl className="grid gap-x-10 sm:grid-cols-2">
        {rows.map(([what, keys]) => (
          <div key={what} className="flex items-center justify-between border-b border-line py-1.5">
            <dt>{what}</dt><dd><Kbd keys={keys} /></dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
