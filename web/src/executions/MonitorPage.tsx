/** Every execution, live. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { Button } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { useWorkflowNames } from "@/workflows/queries";
import { BulkMenu } from "./BulkMenu";
import { Filters } from "./Filters";
import { HeldBackBanner } from "./HeldBackBanner";
import { JobStrip } from "./JobStrip";
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
    <Page title="Executions" fills actions={<><LiveMark live={live} /><Button asChild look="quiet"><Link to="/executions/jobs">Jobs</Link></Button></>}
      bar={<Filters search={search} onSearch={onSearch} workflows={workflows}><BulkMenu search={search} workflowName={workflowName} onStarted={(job) => onSearch({ ...search, job })} /></Filters>}>
      <HeldBackBanner />
      {search.job && <JobStrip id={search.job} onClose={() => onSearch({ ...search, job: undefined } as MonitorSearch)} />}
      <Monitor search={search} onSearch={onSearch} workflowName={workflowName} withWorkflow onLive={setLive} />
    </Page>
  );
}

function LiveMark({ live }: { live: boolean }) {
  return live
    ? <Pill tone="ok" dot breathing title="What happens appears here within a second">Live</Pill>
    : <Pill tone="idle" dot title="The live connection is being opened; until then the list is read every ten seconds">Every 10 s</Pill>;
}
