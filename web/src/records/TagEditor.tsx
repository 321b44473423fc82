/** A contact's tags, added and removed at once. What is typed is entered by Enter or by leaving, and kept by Esc. */
import { Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTags } from "@/api/people";
import { useMay } from "@/api/session";
import type { Contact } from "@/api/types";
import { Chip } from "@/ui/Pill";
import { useTagChange } from "./queries";

export function TagEditor({ contact }: { contact: Contact }) {
  const may = useMay("member");
  const known = useTags();
  const { mutate } = useTagChange(contact.id);
  const [adding, setAdding] = useState(false);
  const [typed, setTyped] = useState("");
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const tag = typed.trim();
    if (tag) mutate({ record: contact, change: (tags) => (tags.includes(tag) ? tags : [...tags, tag]) });
    setTyped("");
    if (!tag || !event) setAdding(false);
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {contact.tags.map((tag) => (
        <Chip key={tag} {...(may ? { removeLabel: `Remove the tag ${tag}`, onRemove: () => mutate({ record: contact, change: (tags) => tags.filter((each) => each !== tag) }) } : {})}>{tag}</Chip>
      ))}
      {adding ? (
        <form onSubmit={submit}>
          <input autoFocus list="tags-to-add" aria-label="New tag" value={typed} placeholder="Tag, then Enter" className="control !min-h-6 !w-36 !px-1.5 text-sm"
            onChange={(event) => setTyped(event.target.value)} onBlur={() => submit()} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); setAdding(false); } }} />
          <datalist id="tags-to-add">{known.data?.filter((each) => !contact.tags.includes(each.name)).map((each) => <option key={each.name} value={each.name} />)}</datalist>
        </form>
      ) : may && <button type="button" onClick={() => setAdding(true)} className="inline-flex h-5 items-center gap-0.5 rounded-sm px-1 text-xs text-ink-faint hover:bg-hover hover:text-ink"><Plus aria-hidden className="size-3" />Add tag</button>}
    </div>
  );
}
