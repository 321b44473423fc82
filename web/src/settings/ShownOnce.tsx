/** A secret that is shown this one time. */
import { Copy } from "lucide-react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { showDone, showError } from "@/ui/toasts";

export function ShownOnce({ title, description, value, onClose }: { title: string; description: string; value: string; onClose: () => void }) {
  const copy = () => navigator.clipboard.writeText(value).then(() => showDone("Copied."), () => showError("The browser did not allow copying. Select the text and copy it."));
  return (
    <Dialog open onClose={onClose} title={title} description={description} footer={<Button look="primary" onClick={onClose}>I have kept it</Button>}>
      <div className="flex items-center gap-2"><code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm break-all select-all">{value}</code><Button onClick={() => void copy()}><Copy aria-hidden />Copy</Button></div>
    </Dialog>
  );
}
