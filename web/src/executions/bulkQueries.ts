/** Asking for many executions at once, and following the jobs that do it. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { ApiError, messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Job, Schemas } from "@/api/types";
import { showDone, showError } from "@/ui/toasts";
import { plural } from "@/words/numbers";
import type { BulkAction, BulkFilter } from "./bulk";

const BULK = "/executions/bulk";
const bodyOf = (action: BulkAction, { from, to, ...rest }: BulkFilter) => ({ action, filter: { ...rest, from, to } });

/** How many it would be done to; nothing is done. */
export function useBulkCount(action: BulkAction, filter: BulkFilter) {
  return useQuery({
    queryKey: ["/executions", "bulk", action, filter],
    queryFn: () => api.post<Schemas["BulkCount"]>(BULK, { ...bodyOf(action, filter), dry_run: true }),
    staleTime: 0, gcTime: 0,
  });
}

export interface BulkChoice { name: string; rate: number; latest: boolean }

export function useBulkStart(action: BulkAction, filter: BulkFilter) {
  return useMutation({
    mutationFn: ({ name, rate, latest }: BulkChoice) => api.post<Schemas["BulkStarted"]>(BULK, { ...bodyOf(action, filter), name, rate, ...(action === "retry" ? { latest } : {}) }),
    meta: { quiet: true },
  });
}

const LOOK_AGAIN_MS = 800;

/** A job, read until it has ended. Null where there is none under that id. */
export function useJob(id: string) {
  return useQuery({
    queryKey: ["/jobs", "one", id],
    queryFn: async ({ signal }) => {
      try {
        return await api.get<Job>(`/jobs/${id}`, undefined, signal);
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data === null || state.data?.finished_at ? false : LOOK_AGAIN_MS),
  });
}

const TOGETHER = 4;
const LOOKS_AFTER_MS = [0, 800, 2_500, 6_000];

/** Some executions, told one by one; `told` is how many so far. */
export function useActOnChosen() {
  const [told, setTold] = useState(0);
  const act = useMutation({
    mutationFn: async ({ action, ids }: { action: BulkAction; ids: readonly string[] }) => {
      setTold(0);
      const failures: unknown[] = [];
      const left = [...ids];
      const tell = async () => {
        for (let id = left.shift(); id !== undefined; id = left.shift()) {
          await api.post(`/executions/${id}/${action}`).catch((error: unknown) => failures.push(error));
          setTold((before) => before + 1);
        }
      };
      await Promise.all(Array.from({ length: TOGETHER }, tell));
      return failures;
    },
    onSuccess: (failures, { action, ids }) => {
      const done = ids.length - failures.length;
      const word = action === "retry" ? "retried" : "cancelled";
      if (done > 0) showDone(`${plural(done, "execution")} ${word}.`);
      if (failures.length > 0) showError(`${plural(failures.length, "execution")} could not be ${word}: ${messageOf(failures[0])}`);
    },
    onSettled: () => LOOKS_AFTER_MS.forEach((ms) => setTimeout(() => void queryClient.invalidateQueries({ queryKey: ["/executions"] }), ms)),
  });
  return { ...act, told };
}
