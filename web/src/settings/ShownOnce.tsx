/** Secrets that are shown this one time. */
import { Copy } from "lucide-react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { showDone, showError } from "@/ui/toasts";

interface ShownOnceProps {
  title: string;
  description: string;
  value: string | readonly { label: string; value: string }[];
  onClose: () => void;
}

export function ShownOnce({ title, description, value, onClose }: ShownOnceProps) {
  return (
    <Dialog open onClose={onClose} title={title} description={description} footer={<Button look="primary" onClick={onClose}>I have kept it</Button>}>
      {typeof value === "string" ? <ToCopy value={value} /> : (
        <dl className="flex flex-col gap-4">
          {value.map((each) => <div key={each.label}><dt className="mb-1 text-sm font-medium">{each.label}</dt><dd><ToCopy value={each.value} /></dd></div>)}
        </dl>
      )}
    </Dialog>
  );
}

function ToCopy({ value }: { value: string }) {
  const copy = () => navigator.clipboard.writeText(value).then(() => showDone("Copied."), () => showError("The browser did not allow copying. Select the text and copy it."));
  return (
    <div className="flex items-center gap-2">
      <code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm break-all select-all">{value}</code>
      <Button onClick={() => void copy()}><Copy aria-hidden />Copy</Button>
    </div>
  );
}
