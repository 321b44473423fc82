/** Every execution, live. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { Page } from "@/ui/Page";
import { useWorkflowNames } from "@/workflows/queries";
import { Filters } from "./Filters";
import { Monitor } from "./Monitor";
import type { MonitorSearch } from "./search";

export function MonitorPage() {
  const search = useSearch({ from: "/app/executions" });
  const navigate = useNavigate();
  const names = useWorkflowNames();
  const onSearch = useCallback((next: MonitorSearch) => void navigate({ to: "/executions", search: next, replace: true }), [navigate]);
  const workflows = useMemo(() => [...names].map(([id, name]) => ({ id, name })), [names]);
  const workflowName = useCallback((id: string) => names.get(id), [names]);
  return (
    <Page title="Executions" fills bar={<Filters search={search} onSearch={onSearch} workflows={workflows} />}>
      <Monitor search={search} onSearch={onSearch} workflowName={workflowName} withWorkflow />
    </Page>
  );
}
