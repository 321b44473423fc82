/** One workflow: its name and state, what can be done with it, and its tabs. */
import { Link, Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Copy, Download, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/api/session";
import { isNowhere } from "@/api/errors";
import { urlOf } from "@/api/request";
import { Lost } from "@/app/Fallbacks";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Failure, SkeletonRows } from "@/ui/States";
import { TabLinks } from "@/ui/TabLinks";
import { PublishDialog } from "./PublishDialog";
import { useArchive, useDelete, useDuplicate, useWorkflow } from "./queries";
import { ResumeDialog } from "./ResumeDialog";
import { OnOff, WorkflowPill } from "./status";
import type { Workflow } from "./types";

export function WorkflowPage() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { data, error, refetch } = useWorkflow(workflowId);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Workflow"><SkeletonRows rows={6} /></Page>;
  return <Shown workflow={data} />;
}

function Shown({ workflow }: { workflow: Workflow }) {
  const params = { workflowId: workflow.id };
  const version = workflow.published_version;
  const may = useMay("manager");
  return (
    <Page title={workflow.name} fills actions={<Actions workflow={workflow} />}
      above={<><Link to="/workflows" className="hover:underline">Workflows</Link>{workflow.folder && ` / ${workflow.folder}`}</>}
      heading={
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="line-clamp-2 min-w-0 wrap-anywhere text-xl" title={workflow.name}>{workflow.name}</h1>
          <WorkflowPill status={workflow.status} />
          {version && <span className="text-sm text-ink-faint">Version {version}</span>}
          {workflow.has_unpublished_changes && version && <Pill tone="wait">Unpublished changes</Pill>}
        </div>
      }
      bar={<TabLinks label="Workflow" tabs={[
        { label: "Definition", link: { to: "/workflows/$workflowId", params }, exact: true },
        { label: "YAML", link: { to: "/workflows/$workflowId/yaml", params } },
        ...(may ? [{ label: "Test", link: { to: "/workflows/$workflowId/test" as const, params } }] : []),
        { label: "Executions", link: { to: "/workflows/$workflowId/executions", params } },
        { label: "Versions", link: { to: "/workflows/$workflowId/versions", params } },
        { label: "Explain", link: { to: "/workflows/$workflowId/explain", params } },
      ]} />}>
      <Outlet />
    </Page>
  );
}

function Actions({ workflow }: { workflow: Workflow }) {
  const navigate = useNavigate();
  const may = useMay("manager");
  const duplicate = useDuplicate();
  const archive = useArchive();
  const remove = useDelete();
  const [asking, setAsking] = useState<"publish" | "resume" | "archive" | "delete" | null>(null);
  const copy = () => duplicate.mutate(workflow.id, { onSuccess: (made) => void navigate({ to: "/workflows/$workflowId", params: { workflowId: made.id } }) });
  // The editor has a button of its own, which knows whether what is typed is saved.
  const editing = useRouterState({ select: (state) => state.location.pathname.endsWith("/yaml") });
  const unpublished = workflow.status !== "archived" && (workflow.has_unpublished_changes || workflow.published_version === null);
  return (
    <>
      {workflow.status !== "archived" && <OnOff workflow={workflow} />}
      {may && unpublished && !editing && <Button look="primary" onClick={() => setAsking("publish")}>Publish…</Button>}
      <Menu trigger={<IconButton label="More"><Ellipsis aria-hidden /></IconButton>}>
        {may && <MenuItem icon={<Copy aria-hidden />} onSelect={copy}>Duplicate</MenuItem>}
        <MenuItem asChild><a href={urlOf(`/workflows/${workflow.id}/yaml`)} download={`${workflow.key}.yaml`}><Download aria-hidden />Export as YAML</a></MenuItem>
        {may && workflow.status === "archived" && workflow.published_version !== null && <MenuItem icon={<ArchiveRestore aria-hidden />} onSelect={() => setAsking("resume")}>Turn on again</MenuItem>}
        {may && workflow.published_version === null && <><MenuLine /><MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => setAsking("delete")}>Delete draft</MenuItem></>}
        {may && workflow.published_version !== null && workflow.status !== "archived" && <><MenuLine /><MenuItem danger icon={<Archive aria-hidden />} onSelect={() => setAsking("archive")}>Archive</MenuItem></>}
      </Menu>
      {asking === "publish" && <PublishDialog workflow={workflow} onClose={() => setAsking(null)} />}
      {asking === "resume" && <ResumeDialog workflow={workflow} onClose={() => setAsking(null)} />}
      <Confirm open={asking === "archive"} title={`Archive “${workflow.name}”?`} action="Archive" danger busy={archive.isPending} onClose={() => setAsking(null)}
        onConfirm={() => archive.mutate(workflow.id, { onSettled: () => setAsking(null) })}>
        Nothing new starts. {workflow.stats?.active ? workflow.status === "paused" ? "Executions stay where they are until you turn it on again. " : "Executions that run or wait go on to their end. " : ""}Its history stays, and you find it under Archived.
      </Confirm>
      <Confirm open={asking === "delete"} title={`Delete “${workflow.name}”?`} action="Delete draft" danger busy={remove.isPending} onClose={() => setAsking(null)}
        onConfirm={() => remove.mutate(workflow.id, { onSuccess: () => void navigate({ to: "/workflows" }) })}>
        It was never published, so nothing else is lost. This cannot be undone.
      </Confirm>
    </>
  );
}
