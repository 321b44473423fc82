/** Reading workflows and changing them. */
import { keepPreviousData, useMutation, useQuery, type UseMutationOptions } from "@tanstack/react-query";
import { useMemo } from "react";
import { queryClient } from "@/api/client";
import { readAll, type Page } from "@/api/pages";
import { api, request, requestText } from "@/api/request";
import type { Job, Schemas } from "@/api/types";
import { showDone, showError } from "@/ui/toasts";
import { plural } from "@/words/numbers";
import type { CheckedWorkflow, Definition, Example, Explanation, Plan, PublishedWorkflow, Validation, Version, Workflow } from "./types";

const ROOT = "/workflows";
export const workflowKey = (id: string) => [ROOT, "one", id] as const;

export function useWorkflows() {
  return useQuery({
    queryKey: [ROOT, "all"],
    queryFn: ({ signal }) => readAll<Workflow>(ROOT, signal),
    refetchInterval: 15_000,
  });
}

const noNames: ReadonlyMap<string, string> = new Map();

export function useWorkflowNames(): ReadonlyMap<string, string> {
  const { data } = useWorkflows();
  return useMemo(() => (data ? new Map(data.map((each) => [each.id, each.name])) : noNames), [data]);
}

export function useWorkflow(id: string) {
  return useQuery({ queryKey: workflowKey(id), queryFn: ({ signal }) => api.get<CheckedWorkflow>(`${ROOT}/${id}`, undefined, signal) });
}

export function useYaml(id: string, revision: number | undefined) {
  return useQuery({
    queryKey: [ROOT, "yaml", id, revision],
    queryFn: ({ signal }) => requestText(`${ROOT}/${id}/yaml`, { signal }),
    enabled: revision !== undefined,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export function useVersions(id: string) {
  return useQuery({ queryKey: [ROOT, "versions", id], queryFn: async ({ signal }) => (await api.get<Page<Version>>(`${ROOT}/${id}/versions`, undefined, signal)).items });
}

export function useExamples(enabled: boolean) {
  return useQuery({ queryKey: ["/workflow-examples"], queryFn: async ({ signal }) => (await api.get<Page<Example>>("/workflow-examples", undefined, signal)).items, enabled, staleTime: Infinity });
}

export function useExplanation(id: string, record: { type: string; id: string } | null) {
  return useQuery({
    queryKey: [ROOT, "explain", id, record],
    queryFn: ({ signal }) => api.get<Explanation>(`${ROOT}/${id}/explain`, { record_type: record?.type, record_id: record?.id }, signal),
    enabled: record !== null,
    staleTime: 0,
  });
}

export function usePlan(id: string, version: number | undefined, open: boolean) {
  return useQuery({
    queryKey: [ROOT, "plan", id, version],
    queryFn: () => api.post<Plan>(`${ROOT}/${id}/plan`, version ? { version } : {}),
    enabled: open, staleTime: 0, gcTime: 0, refetchOnWindowFocus: false,
  });
}

/** What waits for a paused workflow to be resumed. */
export function useHeldExecutions(id: string) {
  return useQuery({
    queryKey: [ROOT, "held", id],
    queryFn: ({ signal }) => api.get<Schemas["HeldExecutions"]>(`${ROOT}/${id}/held`, undefined, signal),
    staleTime: 0,
  });
}

export function validateYaml(text: string, signal?: AbortSignal): Promise<Validation> {
  return request("POST", `${ROOT}/validate`, { raw: { type: "application/yaml", text }, signal });
}

type Done<T> = Pick<UseMutationOptions<T>, "meta">;

function useChange<T, V>(mutationFn: (value: V) => Promise<T>, said?: string, options: Done<T> = {}) {
  return useMutation({
    mutationFn,
    ...options,
    onSuccess: () => { if (said) showDone(said); },
    onSettled: () => queryClient.invalidateQueries({ queryKey: [ROOT] }),
  });
}

export const useSaveYaml = (id: string) =>
  useChange(({ text, revision }: { text: string; revision: number }) => request<CheckedWorkflow>("PUT", `${ROOT}/${id}`, { raw: { type: "application/yaml", text }, revision }), "Draft saved.", { meta: { quiet: true } });

export const useCreate = () =>
  useChange((body: { name: string; definition?: Definition; yaml?: string; key?: string }) => body.yaml
    ? request<CheckedWorkflow>("POST", ROOT, { raw: { type: "application/yaml", text: body.yaml } })
    : api.post<CheckedWorkflow>(ROOT, body), undefined, { meta: { quiet: true } });

export interface PublishChoice { hash?: string | undefined; note: string; enroll_existing: boolean; version?: number }
export const usePublish = (id: string) => useChange((choice: PublishChoice) => api.post<PublishedWorkflow>(`${ROOT}/${id}/publish`, choice), undefined, { meta: { quiet: true } });
export const usePause = () => useChange((id: string) => api.post<Workflow>(`${ROOT}/${id}/pause`), "Paused. Nothing new starts; executions stay where they are.");
export type Overdue = NonNullable<Schemas["Resume"]["overdue"]>;
export const useResume = () => useChange(({ id, overdue }: { id: string; overdue: Overdue }) => api.post<Schemas["ResumedWorkflow"]>(`${ROOT}/${id}/resume`, { overdue }));
export const useArchive = () => useChange((id: string) => api.post<Workflow>(`${ROOT}/${id}/archive`), "Archived.");
export const useDelete = () => useChange((id: string) => api.delete(`${ROOT}/${id}`), "Deleted.");
export const useDuplicate = () => useChange((id: string) => api.post<CheckedWorkflow>(`${ROOT}/${id}/duplicate`), "Duplicated as a draft.");
export const useEnroll = (id: string) => useChange((record: { record_type: string; record_id: string }) => api.post<Schemas["Enrolled"]>(`${ROOT}/${id}/enroll`, record), "Enrolled.");

const LOOK_AGAIN_MS = 1_500;

/** Says how far a job is until it has ended. */
export async function followJob(id: string): Promise<void> {
  for (let told = -1; ;) {
    const job = await api.get<Job>(`/jobs/${id}`).catch(() => null);
    if (!job) return;
    if (job.error) return showError(`${job.name}: ${job.error}`);
    if (job.finished_at) return showDone(`${job.name}: ${plural(job.done, "record")} done.`);
    if (job.done !== told) showDone(`${job.name}: ${job.done}${job.total === null ? "" : ` of ${job.total}`}…`);
    told = job.done;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
