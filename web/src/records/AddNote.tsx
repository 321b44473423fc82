/** Writes a note, call or meeting onto a record's history. */
import { useRef, useState, type FormEvent } from "react";
import { useMay } from "@/api/session";
import type { RecordRef } from "@/api/types";
import { AskBeforeLeaving } from "@/ui/AskBeforeLeaving";
import { Button } from "@/ui/Button";
import { Select, Textarea } from "@/ui/Field";
import { Kbd } from "@/ui/Kbd";
import { useAddNote } from "./queries";

export function AddNote({ record }: { record: RecordRef }) {
  const may = useMay("member");
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useState("");
  const [type, setType] = useState("note");
  const add = useAddNote(record);
  if (!may) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add.mutate({ type, text: text.trim() }, { onSuccess: () => setText("") });
  };
  return (
    <form ref={form} onSubmit={submit} className="mb-5 rounded-lg border border-line-strong bg-surface p-1.5 focus-within:border-accent">
      <Textarea aria-label="Add a note" value={text} placeholder="Add a note…" rows={text ? 3 : 1} onChange={(event) => setText(event.target.value)}
        className="!min-h-8 resize-none !border-0 !bg-transparent !outline-none" onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit(); }} />
      {text && (
        <div className="flex items-center gap-2 px-1 pt-1">
          <Select aria-label="Kind" className="!w-auto" value={type} onChange={(event) => setType(event.target.value)}>
            <option value="note">Note</option><option value="call">Call</option><option value="meeting">Meeting</option>
          </Select>
          <span className="mr-auto hidden text-sm text-ink-faint sm:inline"><Kbd keys="Ctrl Enter" /></span>
          <Button look="quiet" onClick={() => setText("")}>Discard</Button>
          <Button look="primary" type="submit" busy={add.isPending}>Add</Button>
        </div>
      )}
      <AskBeforeLeaving unsaved={text.trim() !== ""}>The note is not added yet.</AskBeforeLeaving>
    </form>
  );
}
