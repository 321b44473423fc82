/** Lifecycle stages of contacts, in their order. */
import { Footprints } from "lucide-react";
import type { LifecycleStage } from "@/api/types";
import { SettingList } from "./SettingList";

export function StagesTab() {
  return (
    <SettingList<LifecycleStage> path="/lifecycle-stages" one="lifecycle stage" icon={<Footprints aria-hidden />} about="Where a contact stands with you, from stranger to customer. Workflows start when it changes."
      fields={[{ name: "name", label: "Name", kind: "text" }, { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", placeholder: "lead" }, { name: "position", label: "Position", kind: "number", initial: 0 }]}
      nameOf={(stage) => stage.name} removal={{ word: "Delete", says: "Only a stage that no contact is in can be deleted." }}
      show={(stage) => <p><span className="font-medium">{stage.name}</span><code className="ml-2 text-xs text-ink-faint">{stage.key}</code></p>} />
  );
}
