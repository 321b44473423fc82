/** What was published when, by whom and why; any of them can be published again. */
import { useParams } from "@tanstack/react-router";
import { History } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/api/session";
import { Button } from "@/ui/Button";
import { Pill } from "@/ui/Pill";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";
import { PublishDialog } from "./PublishDialog";
import { useVersions, useWorkflow } from "./queries";
import type { Version } from "./types";

export function VersionsTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { data: workflow } = useWorkflow(workflowId);
  const versions = useVersions(workflowId);
  const may = useMay("manager");
  const [again, setAgain] = useState<number | null>(null);
  if (versions.error) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.isPending || !workflow) return <SkeletonRows rows={4} />;
  if (versions.data.length === 0) return <Empty icon={<History aria-hidden />} title="Not published yet">Each time it is published, a numbered version that never changes is kept here.</Empty>;
  const author = (version: Version) => version.published_by?.name;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ol className="max-w-3xl px-4 py-2 sm:px-6">
        {versions.data.map((version) => (
          <li key={version.version} className="flex items-center gap-4 border-b border-line py-3 last:border-0">
            <span className="tabular flex size-9 shrink-0 items-center justify-center rounded-lg bg-sunken font-semibold">{version.version}</span>
            <div className="min-w-0 flex-1">
              <p className="flex items-center gap-2">{version.note || <span className="text-ink-faint">No note</span>}{version.live && <Pill tone="ok">Current</Pill>}</p>
              <p className="text-sm text-ink-faint"><Time at={version.published_at} />{author(version) && ` by ${author(version)}`}</p>
            </div>
            {may && !version.live && <Button size="sm" onClick={() => setAgain(version.version)}>Publish again</Button>}
          </li>
        ))}
      </ol>
      {again !== null && <PublishDialog workflow={workflow} version={again} onClose={() => setAgain(null)} />}
    </div>
  );
}
