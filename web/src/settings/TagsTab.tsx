/** The tags that are offered for contacts. Writing a new one onto a contact adds it here too. */
import { Link } from "@tanstack/react-router";
import { Pencil, Tags } from "lucide-react";
import { useState } from "react";
import { useTags } from "@/api/people";
import { useMay } from "@/api/session";
import type { Tag } from "@/api/types";
import { IconButton } from "@/ui/Button";
import { Chip } from "@/ui/Pill";
import { Time } from "@/ui/Time";
import { SettingList } from "./SettingList";
import { TagDialog } from "./TagDialog";

export function TagsTab() {
  const may = useMay("manager");
  const { data: tags } = useTags();
  const [renaming, setRenaming] = useState<Tag | null>(null);
  return (
    <>
      <SettingList<Tag> path="/tags" one="tag" icon={<Tags aria-hidden />} about="Words that contacts carry. Workflows add and remove them, and start when they change." addRole="member" removalRole="manager" editable={false}
        fields={[{ name: "name", label: "Name", kind: "text", placeholder: "newsletter" }]} addressOf={(tag) => encodeURIComponent(tag.name)}
        nameOf={(tag) => tag.name} removal={{ word: "Delete", says: "Only a tag that no contact carries can be deleted. Workflows that use it are listed first." }}
        actions={(tag) => may && <IconButton label={`Rename ${tag.name}`} size="sm" onClick={() => setRenaming(tag)}><Pencil aria-hidden /></IconButton>}
        show={(tag) => (
          <div className="flex items-center gap-3">
            <Chip>{tag.name}</Chip>
            <Link to="/contacts" search={{ filter: { all: [{ field: "contact.tags", op: "any_of", value: [tag.name] }] } }} className="text-sm text-accent-text hover:underline">Show contacts</Link>
            <span className="ml-auto hidden text-sm text-ink-faint sm:block">Since <Time at={tag.created_at} /></span>
          </div>
        )} />
      {renaming && <TagDialog tag={renaming} others={tags ?? []} onClose={() => setRenaming(null)} />}
    </>
  );
}
