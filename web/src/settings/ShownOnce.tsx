/** Secrets that are shown this one time: closing without having copied them asks first. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { showDone, showError } from "@/ui/toasts";

interface ShownOnceProps {
  title: string;
  description: string;
  value: string | readonly { label: string; value: string }[];
  onClose: () => void;
}

const QUESTION = { title: "Close without keeping it?", words: "It is never shown again: lost, it has to be made anew.", action: "Close", keep: "Show it again" };

export function ShownOnce({ title, description, value, onClose }: ShownOnceProps) {
  const [copied, setCopied] = useState<readonly string[]>([]);
  const values = typeof value === "string" ? [{ label: "", value }] : value;
  const toCopy = (each: string) => <ToCopy value={each} copied={copied.includes(each)} onCopied={() => setCopied([...copied, each])} />;
  return (
    <Dialog open unsaved={values.some((each) => !copied.includes(each.value))} question={QUESTION} onClose={onClose} title={title} description={description}
      footer={<Button look="primary" onClick={onClose}>I have kept it</Button>}>
      {typeof value === "string" ? toCopy(value) : (
        <dl className="flex flex-col gap-4">
          {value.map((each) => <div key={each.label}><dt className="mb-1 text-sm font-medium">{each.label}</dt><dd>{toCopy(each.value)}</dd></div>)}
        </dl>
      )}
    </Dialog>
  );
}

function ToCopy({ value, copied, onCopied }: { value: string; copied: boolean; onCopied: () => void }) {
  const copy = () => navigator.clipboard.writeText(value).then(() => { onCopied(); showDone("Copied."); }, () => showError("The browser did not allow copying. Select the text and copy it."));
  const Icon = copied ? Check : Copy;
  return (
    <div className="flex items-center gap-2">
      <code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm break-all select-all">{value}</code>
      <Button onClick={() => void copy()}><Icon aria-hidden />{copied ? "Copied" : "Copy"}</Button>
    </div>
  );
}
