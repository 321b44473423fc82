/** Custom fields of contacts, companies and deals. */
import { TextCursorInput } from "lucide-react";
import type { CustomField } from "@/api/types";
import { Chip } from "@/ui/Pill";
import { codeWords } from "@/words/codes";
import { SettingList } from "./SettingList";

const TYPES = [
  ["text", "Text"], ["long_text", "Long text"], ["number", "Number"], ["money", "Money"], ["date", "Date"], ["date_time", "Date and time"], ["boolean", "Yes or no"],
  ["choice", "One choice"], ["multi_choice", "Several choices"], ["user", "User"], ["url", "Web address"], ["email", "Email"], ["phone", "Phone"],
] as const;

export function FieldsTab() {
  return (
    <SettingList<CustomField> path="/custom-fields" one="custom field" icon={<TextCursorInput aria-hidden />} about="Fields of your own. Workflows and lists use them like any other field, by key."
      fields={[
        { name: "record_type", label: "Belongs to", kind: "select", onlyNew: true, options: [["contact", "Contacts"], ["company", "Companies"], ["deal", "Deals"]] },
        { name: "name", label: "Name", kind: "text" },
        { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", joiner: "_", hint: "Small letters, digits and underscores; it never changes.", placeholder: "plan" },
        { name: "type", label: "Type", kind: "select", onlyNew: true, options: TYPES },
        { name: "options", label: "Choices", kind: "lines", hint: "One per line.", when: ["type", "choice", "multi_choice"] },
      ]}
      nameOf={(field) => field.name} removal={{ word: "Delete", says: "Its values are deleted from every record. Workflows that use it are listed first." }}
      show={(field) => <p className="flex flex-wrap items-center gap-2"><span className="font-medium">{field.name}</span><code className="text-xs text-ink-faint">{field.key}</code><Chip>{codeWords(field.record_type)}</Chip><span className="text-ink-faint">{TYPES.find(([code]) => code === field.type)?.[1]}</span></p>} />
  );
}
