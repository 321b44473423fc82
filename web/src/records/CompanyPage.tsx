/** One company: its people, deals, tasks and history. */
import { Lost } from "@/app/Fallbacks";
import { isNowhere } from "@/api/errors";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useList } from "@/api/pages";
import type { Company, Contact } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { Failure, SkeletonRows } from "@/ui/States";
import { AddNote } from "./AddNote";
import { Score } from "./cells";
import { History } from "./History";
import { OwnerSelect } from "./inline";
import { useLiveRecord } from "./live";
import { contactName } from "./names";
import { Properties } from "./Properties";
import { useChange, useRecord } from "./queries";
import { RecordActions } from "./RecordActions";
import { RecordDeals } from "./RecordDeals";
import { RecordTasks } from "./RecordTasks";
import { RecordWorkflows } from "./RecordWorkflows";
import { StateTabs } from "./StateTabs";

const TABS = [["history", "History"], ["deals", "Deals"], ["tasks", "Tasks"], ["workflows", "Workflows"]] as const;

export function CompanyPage() {
  const { companyId } = useParams({ from: "/app/companies/$companyId" });
  const { data, error, refetch } = useRecord<Company>("company", companyId);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Company"><SkeletonRows rows={6} /></Page>;
  return <Shown key={data.id} company={data} />;
}

function Shown({ company }: { company: Company }) {
  useLiveRecord("company", company.id);
  const change = useChange<Company>("company");
  const [tab, setTab] = useState<(typeof TABS)[number][0]>("history");
  const record = { type: "company", id: company.id } as const;
  return (
    <Page title={company.name} actions={<RecordActions type="company" record={company} />} above={<Link to="/companies" className="hover:underline">Companies</Link>}
      heading={
        <div className="flex min-w-0 flex-wrap items-center gap-3">
          <Avatar name={company.name} size="lg" />
          <div className="min-w-0"><h1 className="line-clamp-2 text-xl wrap-anywhere">{company.name}</h1>{company.domain && <p className="text-ink-soft">{company.domain}</p>}</div>
          <OwnerSelect value={company.owner_id} onChange={(owner_id) => change.mutate({ record: company, body: { owner_id } })} />
        </div>
      }
      bar={<StateTabs label="Company" tabs={TABS} value={tab} onChange={setTab} />}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {/* Kept, so that a half-written note is still there after a look at another tab. */}
          <div hidden={tab !== "history"}><AddNote record={record} /></div>
          {tab === "history" && <History record={record} />}
          {tab === "deals" && <RecordDeals about={{ company_id: company.id }} preset={{ company_id: company.id }} />}
          {tab === "tasks" && <RecordTasks about={{ company_id: company.id }} />}
          {tab === "workflows" && <RecordWorkflows record={record} />}
        </div>
        <aside className="flex min-w-0 flex-col gap-4"><Properties type="company" record={company} without={["name", "owner_id"]} /><People companyId={company.id} /></aside>
      </div>
    </Page>
  );
}

function People({ companyId }: { companyId: string }) {
  const list = useList<Contact>("/contacts", { company_id: companyId, sort: "-lead_score" }, { limit: 20 });
  return (
    <Section title="Contacts">
      {list.isLoading ? <SkeletonRows rows={2} /> : list.rows.length === 0 ? <p className="text-ink-soft">Nobody yet. Set this company on a contact.</p> : (
        <ul className="-mx-2 flex flex-col">
          {list.rows.map((contact) => (
            <li key={contact.id} className="flex items-center gap-2.5 rounded-md px-2 py-1 hover:bg-hover">
              <Avatar name={contactName(contact)} size="sm" />
              <Link to="/contacts/$contactId" params={{ contactId: contact.id }} className="min-w-0 flex-1 truncate">{contactName(contact)}</Link>
              <Score score={contact.lead_score} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && <Button size="sm" className="mt-2" busy={list.isFetchingNextPage} onClick={list.loadMore}>Show more</Button>}
    </Section>
  );
}
