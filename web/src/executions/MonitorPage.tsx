/** Every execution, live. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { useWorkflowNames } from "@/workflows/queries";
import { Filters } from "./Filters";
import { HeldBackBanner } from "./HeldBackBanner";
import { Monitor } from "./Monitor";
import type { MonitorSearch } from "./search";

export function MonitorPage() {
  const search = useSearch({ from: "/app/executions" });
  const navigate = useNavigate();
  const [live, setLive] = useState(false);
  const names = useWorkflowNames();
  const onSearch = useCallback((next: MonitorSearch) => void navigate({ to: "/executions", search: next, replace: true }), [navigate]);
  const workflows = useMemo(() => [...names].map(([id, name]) => ({ id, name })), [names]);
  const workflowName = useCallback((id: string) => names.get(id), [names]);
  return (
    <Page title="Executions" fills actions={<LiveMark live={live} />} bar={<Filters search={search} onSearch={onSearch} workflows={workflows} />}>
      <HeldBackBanner />
      <Monitor search={search} onSearch={onSearch} workflowName={workflowName} withWorkflow onLive={setLive} />
    </Page>
  );
}

function LiveMark({ live }: { live: boolean }) {
  return live
    ? <Pill tone="ok" dot breathing title="What happens appears here within a second">Live</Pill>
    : <Pill tone="idle" dot title="The live connection is being opened; until then the list is read every ten seconds">Every 10 s</Pill>;
}
