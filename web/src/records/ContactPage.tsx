/** One contact: who it is, where it stands, and tabs for what happened, was sent, is to do and is going on. */
import { Lost } from "@/app/Fallbacks";
import { isNowhere } from "@/api/errors";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Mail } from "lucide-react";
import { useLifecycleStages } from "@/api/people";
import type { Contact, JsonObject } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Page } from "@/ui/Page";
import { Pill, type Tone } from "@/ui/Pill";
import { Failure, SkeletonRows } from "@/ui/States";
import { TabLinks } from "@/ui/TabLinks";
import { RecordLink } from "./cells";
import { InlineSelect, OwnerSelect } from "./inline";
import { useLiveRecord } from "./live";
import { contactName, useNames } from "./names";
import { Properties } from "./Properties";
import { useChange, useRecord } from "./queries";
import { RecordActions } from "./RecordActions";
import { ScoreCard } from "./ScoreCard";
import { TagEditor } from "./TagEditor";

export function ContactPage() {
  const { contactId } = useParams({ from: "/app/contacts/$contactId" });
  const { data, error, refetch } = useRecord<Contact>("contact", contactId);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Contact"><SkeletonRows rows={6} /></Page>;
  return <Shown contact={data} />;
}

function Shown({ contact }: { contact: Contact }) {
  useLiveRecord("contact", contact.id);
  const name = contactName(contact);
  const params = { contactId: contact.id };
  return (
    <Page title={name} actions={<RecordActions type="contact" record={contact} />} heading={<Heading contact={contact} name={name} />}
      above={<Link to="/contacts" className="hover:underline">Contacts</Link>}
      bar={<>
        <Standing contact={contact} />
        <TabLinks label="Contact" tabs={[
          { label: "History", link: { to: "/contacts/$contactId", params }, exact: true },
          { label: "Messages", link: { to: "/contacts/$contactId/messages", params } },
          { label: "Tasks", link: { to: "/contacts/$contactId/tasks", params } },
          { label: "Deals", link: { to: "/contacts/$contactId/deals", params } },
          { label: "Workflows", link: { to: "/contacts/$contactId/workflows", params } },
        ]} />
      </>}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0"><Outlet /></div>
        <aside className="min-w-0"><Properties type="contact" record={contact} without={["tags", "lead_score", "lifecycle_stage", "owner_id", "email_consent"]} /></aside>
      </div>
    </Page>
  );
}

function Heading({ contact, name }: { contact: Contact; name: string }) {
  const company = useNames("company", [contact.company_id]).get(contact.company_id ?? "");
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Avatar name={name} size="lg" />
      <div className="min-w-0">
        <h1 className="line-clamp-2 text-xl wrap-anywhere">{name}</h1>
        <p className="flex flex-wrap items-center gap-x-1.5 text-ink-soft">
          {contact.job_title && <span>{contact.job_title}{contact.company_id && " at"}</span>}
          <RecordLink type="company" id={contact.company_id} name={company} />
          {contact.email && <a href={`mailto:${contact.email}`} className="inline-flex min-w-0 items-center gap-1 hover:underline"><Mail aria-hidden className="size-3.5 shrink-0 text-ink-faint" /><span className="truncate">{contact.email}</span></a>}
        </p>
      </div>
    </div>
  );
}

const CONSENT: Record<string, { label: string; tone: Tone }> = {
  granted: { label: "Email consent granted", tone: "ok" }, denied: { label: "Email consent denied", tone: "bad" }, unknown: { label: "No email consent asked", tone: "idle" },
};

function Standing({ contact }: { contact: Contact }) {
  const stages = useLifecycleStages();
  const change = useChange<Contact>("contact");
  const set = (body: JsonObject) => change.mutate({ record: contact, body });
  const consent = CONSENT[contact.email_consent ?? "unknown"];
  return (
    <div className="flex flex-wrap items-center gap-2 pb-2">
      <InlineSelect label="Lifecycle stage" value={contact.lifecycle_stage} none="No stage" options={(stages.data ?? []).map((each) => [each.key, each.name] as const)} onChange={(lifecycle_stage) => set({ lifecycle_stage })} />
      <ScoreCard contact={contact} />
      <OwnerSelect value={contact.owner_id} onChange={(owner_id) => set({ owner_id })} />
      {consent && <Pill tone={consent.tone} dot>{consent.label}</Pill>}
      <TagEditor contact={contact} />
    </div>
  );
}
