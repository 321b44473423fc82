/** Every contact, searched and filtered. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { useCallback } from "react";
import { useLifecycleStages, useTags } from "@/api/people";
import type { Contact } from "@/api/types";
import { AtLeastFilter, ChoiceFilter, OtherFilters, OwnerFilter, type FilterProps } from "./filterControls";
import { USUALLY_HIDDEN, useContactColumns } from "./contactColumns";
import type { ListSearch } from "./filters";
import { ListPage } from "./ListPage";

const STAGE = { field: "contact.lifecycle_stage", op: "eq" };
const TAG = { field: "contact.tags", op: "any_of" };
const SCORE = { field: "contact.lead_score", op: "gte" };
const OWNER = { field: "contact.owner_id", op: "eq" };

export function ContactsPage() {
  const search = useSearch({ from: "/app/contacts" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: ListSearch) => void navigate({ to: "/contacts", search: next, replace: true }), [navigate]);
  return (
    <ListPage<Contact> type="contact" title="Contacts" one="contact" search={search} onSearch={onSearch} useColumns={useContactColumns} usuallyHidden={USUALLY_HIDDEN}
      filters={(props) => <Filters {...props} />} icon={<Users aria-hidden />}
      advice="Create the first one here, let people fill in a form, or send them through the API. Workflows start with them at once." />
  );
}

function Filters(props: FilterProps) {
  const stages = useLifecycleStages();
  const tags = useTags();
  return (
    <>
      <OwnerFilter type="contact" {...props} />
      <ChoiceFilter {...props} slot={STAGE} label="Lifecycle stage" any="Any stage" options={(stages.data ?? []).map((each) => [each.key, each.name] as const)} />
      <ChoiceFilter {...props} slot={TAG} label="Tag" any="Any tag" options={(tags.data ?? []).map((each) => [each.name, each.name] as const)} toValue={toList} />
      <AtLeastFilter {...props} slot={SCORE} label="Score" />
      <OtherFilters {...props} slots={[STAGE, TAG, SCORE, OWNER]} />
    </>
  );
}

const toList = (option: string) => [option];
