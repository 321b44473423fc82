/** One form: its questions, its page, and what came in. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Ellipsis, ExternalLink, Trash2 } from "lucide-react";
import { useState } from "react";
import { Lost } from "@/app/Fallbacks";
import { isOverridable, messageOf, isNowhere } from "@/api/errors";
import { useMay } from "@/api/session";
import type { Form } from "@/api/types";
import { StateTabs } from "@/records/StateTabs";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Menu, MenuItem } from "@/ui/Menu";
import { Page } from "@/ui/Page";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { FormEditor } from "./FormEditor";
import { CopyLink } from "./FormsPage";
import { useDeleteForm, useForm, useUsedBy } from "./queries";
import { Submissions } from "./Submissions";

const TABS = [["questions", "Questions"], ["submissions", "Submissions"]] as const;

export function FormPage() {
  const { formId } = useParams({ from: "/app/forms/$formId" });
  const { data, error, refetch } = useForm(formId);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Form"><SkeletonRows rows={6} /></Page>;
  return <Shown key={data.id} form={data} />;
}

function Shown({ form }: { form: Form }) {
  const { show = "questions" } = useSearch({ from: "/app/forms/$formId" });
  const navigate = useNavigate();
  const usedBy = useUsedBy(form.key);
  return (
    <Page title={form.name} above={<Link to="/forms" className="hover:underline">Forms</Link>} actions={<Actions form={form} />}
      heading={
        <div className="min-w-0">
          <h1 className="truncate text-xl">{form.name}</h1>
          <p className="text-ink-soft">{usedBy.length === 0 ? <>No workflow starts with it yet. <Link to="/workflows" className="text-accent-text hover:underline">Open workflows</Link></>
            : <>Starts {usedBy.map((workflow, index) => <span key={workflow.id}>{index > 0 && ", "}<Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className="text-accent-text hover:underline">{workflow.name}</Link>{workflow.status !== "published" && ` (${workflow.status})`}</span>)}</>}</p>
        </div>
      }
      bar={<StateTabs label="Form" tabs={TABS} value={show} onChange={(next) => void navigate({ to: "/forms/$formId", params: { formId: form.id }, search: next === "submissions" ? { show: next } : {}, replace: true })} />}>
      {show === "questions" ? <FormEditor form={form} /> : <Submissions form={form} />}
    </Page>
  );
}

function Actions({ form }: { form: Form }) {
  const may = useMay("manager");
  const navigate = useNavigate();
  const remove = useDeleteForm();
  const [asking, setAsking] = useState(false);
  const inUse = isOverridable(remove.error);
  const close = () => { setAsking(false); remove.reset(); };
  return (
    <>
      <CopyLink form={form} />
      <Button asChild><a href={form.path} target="_blank" rel="noopener"><ExternalLink aria-hidden />Open page</a></Button>
      {may && <Menu trigger={<IconButton label="More"><Ellipsis aria-hidden /></IconButton>}><MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => setAsking(true)}>Delete</MenuItem></Menu>}
      <Confirm open={asking} title={`Delete “${form.name}”?`} action={inUse ? "Delete anyway" : "Delete"} danger busy={remove.isPending} onClose={close}
        onConfirm={() => remove.mutate({ id: form.id, force: inUse }, { onSuccess: () => { showDone("The form is closed."); close(); void navigate({ to: "/forms" }); } })}>
        {remove.error ? <Notice title="It was not deleted">{messageOf(remove.error)}</Notice> : "Its page closes. What came in stays with the contacts."}
      </Confirm>
    </>
  );
}
