/** Above the list, how far the job is that was started here; it stays in the address, so a reload shows it again. */
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX, LoaderCircle, X } from "lucide-react";
import { useEffect } from "react";
import { queryClient } from "@/api/client";
import { IconButton } from "@/ui/Button";
import { Progress } from "@/ui/Progress";
import { progressWords, shareDone, workWords } from "./bulk";
import { useJob } from "./bulkQueries";
import { StopJob } from "./StopJob";

export function JobStrip({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: job } = useJob(id);
  const state = job?.state;
  useEffect(() => {
    if (state === "done" || state === "failed" || state === "cancelled") void queryClient.invalidateQueries({ queryKey: ["/executions"] });
  }, [state]);
  if (!job) return null;
  const tone = job.state === "failed" || job.state === "cancelled" ? "bad" : job.state === "done" ? "ok" : "accent";
  return (
    <section aria-label="Job" className="flex items-center gap-3 border-b border-line bg-sunken px-4 py-2.5 sm:px-6">
      {tone === "ok" ? <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" /> : tone === "bad" ? <CircleX aria-hidden className="size-4 shrink-0 text-bad" /> : <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-accent-text" />}
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-2"><Link to="/executions/jobs" className="min-w-0 truncate font-medium hover:underline">{job.name}</Link><span className="text-ink-soft">{job.state === "running" && `${workWords(job)}: `}<span className="tabular">{progressWords(job)}</span></span></p>
        {job.error && <p className="text-bad">{job.error}</p>}
        <div className="mt-1.5 max-w-xl"><Progress label={`${job.name}: done`} share={shareDone(job)} tone={tone} /></div>
      </div>
      <StopJob job={job} />
      <IconButton label="Hide" size="sm" onClick={onClose}><X aria-hidden /></IconButton>
      {/* Heard once, not with every step of the way. */}
      <span role="status" className="sr-only">{job.finished_at && `${job.name}: ${progressWords(job)}`}</span>
    </section>
  );
}
