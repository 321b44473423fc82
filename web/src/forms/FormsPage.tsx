/** Every form: its hosted page, what came in, and which workflows start with it. */
import { Link, useNavigate } from "@tanstack/react-router";
import { ClipboardList, Copy, ExternalLink, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useList } from "@/api/pages";
import { useMay } from "@/api/session";
import type { Form } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";
import { showDone, showError } from "@/ui/toasts";
import { count } from "@/words/numbers";
import { NewForm } from "./NewForm";
import { addressOfPage, useUsedBy } from "./queries";

export function FormsPage() {
  const list = useList<Form>("/forms");
  const navigate = useNavigate();
  const may = useMay("manager");
  const [creating, setCreating] = useState(false);
  const open = useCallback((form: Form) => void navigate({ to: "/forms/$formId", params: { formId: form.id } }), [navigate]);
  const add = may && <Button look="primary" onClick={() => setCreating(true)}><Plus aria-hidden />New form</Button>;
  return (
    <Page title="Forms" fills actions={add}>
      {list.error && list.rows.length === 0 ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Forms" columns={columns} rows={list.rows} rowKey={(row) => row.id} onOpen={open} rowHeight={48} loading={list.isLoading} onEnd={list.loadMore} loadingMore={list.isFetchingNextPage}
          empty={<Empty icon={<ClipboardList aria-hidden />} title="No forms yet" action={add || undefined}>A form has its own page, makes or finds the contact by email, and starts workflows with the answers.</Empty>} />
      )}
      {creating && <NewForm onClose={() => setCreating(false)} onMade={open} />}
    </Page>
  );
}

const columns: readonly Column<Form>[] = [
  { id: "name", header: "Name", width: "minmax(9rem,1.6fr)", cell: (row) => <Link to="/forms/$formId" params={{ formId: row.id }} className="font-medium">{row.name}</Link> },
  { id: "page", header: "Hosted page", width: "minmax(5.5rem,1.6fr)", cell: (row) => <HostedLink form={row} /> },
  { id: "fields", header: "Questions", width: "5.5rem", align: "end", from: "md", cell: (row) => row.fields.length },
  { id: "submissions", header: "Submissions", width: "6.5rem", align: "end", from: "sm", cell: (row) => <Count form={row} /> },
  { id: "last", header: "Last", width: "5.5rem", from: "md", cell: (row) => <span className="text-ink-soft"><Time at={row.last_submitted_at} short fallback="Never" /></span> },
  { id: "used", header: "Starts", width: "minmax(9rem,1.4fr)", from: "md", cell: (row) => <UsedBy formKey={row.key} /> },
];

function HostedLink({ form }: { form: Form }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <a href={form.path} target="_blank" rel="noopener" className="inline-flex min-w-0 items-center gap-1.5 text-accent-text hover:underline">
        <ExternalLink aria-hidden className="size-3.5 shrink-0" /><span className="hidden truncate sm:inline">{form.path}</span><span className="sm:hidden">Open</span><span className="sr-only"> (opens in a new tab)</span>
      </a>
      <CopyLink form={form} />
    </span>
  );
}

export function CopyLink({ form }: { form: Form }) {
  const copy = () => {
    navigator.clipboard.writeText(addressOfPage(form)).then(() => showDone("Link copied."), () => showError(`The browser did not allow copying. The link is ${addressOfPage(form)}`));
  };
  return <IconButton label="Copy link" size="sm" onClick={copy}><Copy aria-hidden /></IconButton>;
}

function Count({ form }: { form: Form }) {
  return <Link to="/forms/$formId" params={{ formId: form.id }} search={{ show: "submissions" }} className={form.submissions ? "hover:underline" : "text-ink-faint"}>{count(form.submissions ?? 0)}{form.submissions_more && "+"}</Link>;
}

function UsedBy({ formKey }: { formKey: string }) {
  const workflows = useUsedBy(formKey);
  if (workflows.length === 0) return <span className="text-ink-faint">No workflow</span>;
  return <>{workflows.map((workflow, index) => <span key={workflow.id}>{index > 0 && ", "}<Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className="hover:underline">{workflow.name}</Link></span>)}</>;
}
