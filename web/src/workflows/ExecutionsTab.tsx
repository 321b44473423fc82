/** The monitor for one workflow. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { BulkMenu } from "@/executions/BulkMenu";
import { Filters } from "@/executions/Filters";
import { JobStrip } from "@/executions/JobStrip";
import { Monitor } from "@/executions/Monitor";
import type { MonitorSearch } from "@/executions/search";
import { useWorkflow } from "./queries";

export function ExecutionsTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const own = useSearch({ from: "/app/workflows/$workflowId/executions" });
  const navigate = useNavigate();
  const { data } = useWorkflow(workflowId);
  const search = useMemo(() => ({ ...own, workflow: workflowId }), [own, workflowId]);
  const onSearch = useCallback((next: MonitorSearch) =>
    void navigate({ to: "/workflows/$workflowId/executions", params: { workflowId }, search: { ...next, workflow: undefined } as MonitorSearch, replace: true }), [navigate, workflowId]);
  const name = data?.name;
  const workflowName = useCallback(() => name, [name]);
  return (
    <>
      <div className="border-b border-line px-4 pt-3 sm:px-6"><Filters search={own} onSearch={onSearch}><BulkMenu search={search} workflowName={workflowName} onStarted={(job) => onSearch({ ...own, job })} /></Filters></div>
      {own.job && <JobStrip id={own.job} onClose={() => onSearch({ ...own, job: undefined } as MonitorSearch)} />}
      <Monitor search={search} onSearch={onSearch} workflowName={workflowName} withWorkflow={false} />
    </>
  );
}
