/** The tabs of a contact's page. */
import { useParams } from "@tanstack/react-router";
import type { Contact } from "@/api/types";
import { AddNote } from "./AddNote";
import { History } from "./History";
import { Messages } from "./Messages";
import { useRecord } from "./queries";
import { RecordDeals } from "./RecordDeals";
import { RecordTasks } from "./RecordTasks";
import { RecordWorkflows } from "./RecordWorkflows";

function useContactId(): string {
  return useParams({ from: "/app/contacts/$contactId" }).contactId;
}

export function HistoryTab() {
  const record = { type: "contact", id: useContactId() } as const;
  return <><AddNote key={record.id} record={record} /><History record={record} /></>;
}

export function MessagesTab() {
  return <Messages contactId={useContactId()} />;
}

export function TasksTab() {
  return <RecordTasks about={{ contact_id: useContactId() }} />;
}

export function DealsTab() {
  const id = useContactId();
  const { data } = useRecord<Contact>("contact", id);
  return <RecordDeals about={{ contact_id: id }} preset={{ contact_id: id, company_id: data?.company_id ?? null }} />;
}

export function WorkflowsTab() {
  return <RecordWorkflows record={{ type: "contact", id: useContactId() }} />;
}
