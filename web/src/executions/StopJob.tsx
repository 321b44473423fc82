/** Stops long work under way, after a question; what it did stays done. Nothing is shown where it cannot be stopped. */
import { useMutation } from "@tanstack/react-query";
import { CircleStop } from "lucide-react";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { api } from "@/api/request";
import { useMay } from "@/api/session";
import type { Job } from "@/api/types";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { showDone } from "@/ui/toasts";
import { isStoppable, progressWords } from "./bulk";

export function StopJob({ job }: { job: Job }) {
  const may = useMay("manager");
  const [asking, setAsking] = useState(false);
  const stop = useMutation({
    mutationFn: () => api.post<Job>(`/jobs/${job.id}/cancel`),
    onSuccess: (stopped) => showDone(`${stopped.name}: ${progressWords(stopped).toLowerCase()}.`),
    onSettled: () => { setAsking(false); void queryClient.invalidateQueries({ queryKey: ["/jobs"] }); },
  });
  if (!may || !(isStoppable(job) || asking)) return null;
  return (
    <>
      <Button size="sm" look="danger" aria-label={`Stop ${job.name}`} onClick={() => setAsking(true)}><CircleStop aria-hidden />Stop</Button>
      <Confirm open={asking} title={`Stop “${job.name}”?`} action="Stop" keep="Let it go on" danger busy={stop.isPending} onClose={() => setAsking(false)} onConfirm={() => stop.mutate()}>
        It does no more from here on. What it did stays done: {progressWords(job)}.
      </Confirm>
    </>
  );
}
