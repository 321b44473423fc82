/** Inputs in quarantine: reading them, and what people decide about them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { api } from "@/api/request";
import { useMay } from "@/api/session";
import type { Schemas } from "@/api/types";
import { showDone } from "@/ui/toasts";
import { codeWords } from "@/words/codes";
import { plural } from "@/words/numbers";

export type HeldInput = Schemas["Quarantined"];
export type HeldState = HeldInput["state"];
export type Decision = "retry" | "discard";

export const HELD = "/quarantine";

/** How many inputs are held back; 0 for those who may not see them. */
export function useHeldBack(): number {
  const may = useMay("manager");
  const { data } = useQuery({
    queryKey: [HELD, "count"],
    queryFn: ({ signal }) => api.get<Schemas["QuarantinePage"]>(HELD, { limit: 1 }, signal),
    enabled: may,
    refetchInterval: 30_000,
  });
  return data?.held ?? 0;
}

/** A worker handles what is retried a moment later: lists are read again until it has. */
const LOOKS_AFTER_MS = [0, 1_500, 5_000];

export function useDecide() {
  return useMutation({
    mutationFn: ({ action, ids, note }: { action: Decision; ids: readonly string[]; note?: string }) =>
      api.post<Schemas["DecidedMany"]>(`${HELD}/bulk`, { action, ids, ...(note ? { note } : {}) }),
    onSuccess: ({ done, left }, { action }) => {
      const first = left[0];
      if (done.length > 0) showDone(action === "retry" ? `${plural(done.length, "input")} tried again.` : `${plural(done.length, "input")} discarded.`);
      else if (first) showDone(first.why);
    },
    onSettled: () => LOOKS_AFTER_MS.forEach((ms) => setTimeout(() => void queryClient.invalidateQueries({ queryKey: [HELD] }), ms)),
  });
}

/** What is held back in a few words: an event by what happened, all else as the API says it. */
export function whatWords(input: HeldInput): string {
  return input.kind === "event" && input.event?.type ? codeWords(input.event.type) : input.what;
}
