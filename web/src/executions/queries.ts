/** Reading executions and acting on them. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import { showDone } from "@/ui/toasts";
import type { FeedFilter } from "./feed";
import type { Execution, ExecutionDetail, ExecutionStats } from "./types";
import { isOver } from "./words";

export const executionKey = (id: string) => ["/executions", "one", id] as const;

export function useStats(filter: Pick<FeedFilter, "workflow_id" | "from" | "to">) {
  return useQuery({
    queryKey: ["/executions", "stats", filter],
    queryFn: ({ signal }) => api.get<ExecutionStats>("/executions/stats", { ...filter }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}

/** The name of the record that a list of executions is narrowed to, as its newest execution has it. */
export function useRecordName(id: string | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ["/executions", "record", id],
    queryFn: ({ signal }) => api.get<Page<Execution>>("/executions", { record_id: id, limit: 1 }, signal),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
  return data?.items[0]?.record?.name ?? undefined;
}

export function useExecution(id: string, live: boolean) {
  return useQuery({
    queryKey: executionKey(id),
    queryFn: ({ signal }) => api.get<ExecutionDetail>(`/executions/${id}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data && isOver(state.data.status) ? false : live ? 10_000 : 3_000),
  });
}

const LOOKS_AFTER_MS = [0, 800, 2_500, 6_000];

export function useAct(id: string) {
  // A worker carries the command out a moment later; the stream tells, and these looks where it is down.
  const settle = () => LOOKS_AFTER_MS.forEach((ms) => setTimeout(() => void queryClient.invalidateQueries({ queryKey: ["/executions"] }), ms));
  const cancel = useMutation({
    mutationFn: () => api.post(`/executions/${id}/cancel`),
    onSuccess: () => showDone("Cancelled. Steps that were done stay done; it can go on later."),
    onSettled: settle,
  });
  const retry = useMutation({
    mutationFn: () => api.post(`/executions/${id}/retry`),
    onSuccess: () => showDone("It goes on. What is finished is not done again."),
    onSettled: settle,
  });
  return { cancel, retry };
}
