/** Reading and changing one record, its history and its messages. */
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { JsonObject, RecordRef, RecordType } from "@/api/types";
import { showDone } from "@/ui/toasts";
import { type AnyRecord, PATHS } from "./names";
import type { HistoryEntry } from "./types";

export const recordKey = (type: RecordType, id: string) => [PATHS[type], "one", id] as const;
const historyKey = (type: RecordType, id: string) => [PATHS[type], "timeline", id] as const;

export function useRecord<T extends AnyRecord>(type: RecordType, id: string | null | undefined) {
  return useQuery({
    queryKey: recordKey(type, id ?? ""),
    queryFn: ({ signal }) => api.get<T>(`${PATHS[type]}/${id ?? ""}`, undefined, signal),
    enabled: Boolean(id),
    staleTime: 2_000,
  });
}

export function useHistory(type: RecordType, id: string) {
  return useInfiniteQuery({
    queryKey: historyKey(type, id),
    queryFn: ({ pageParam, signal }) => api.get<Page<HistoryEntry>>(`${PATHS[type]}/${id}/timeline`, { limit: 50, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: 2_000,
  });
}

export interface Saving { body: JsonObject; revision?: number | undefined }

/** Creates where there is no id, else changes. The form shows what went wrong itself. */
export function useSave<T extends AnyRecord>(type: RecordType, id: string | null) {
  return useMutation({
    mutationFn: ({ body, revision }: Saving) => (id ? api.patch<T>(`${PATHS[type]}/${id}`, body, revision) : api.post<T>(PATHS[type], body)),
    meta: { quiet: true },
    onSuccess: (saved) => queryClient.setQueryData(recordKey(type, saved.id), saved),
    onSettled: () => refresh(type),
  });
}

/** A change of single fields from a page: at once on the screen, and taken back where the server refuses it. */
export function useChange<T extends AnyRecord>(type: RecordType) {
  return useMutation({
    mutationFn: ({ record, body }: { record: T; body: JsonObject }) => api.patch<T>(`${PATHS[type]}/${record.id}`, body),
    onMutate: ({ record, body }) => {
      queryClient.setQueryData<T>(recordKey(type, record.id), (old) => (old ? { ...old, ...body } : old));
    },
    onSuccess: (saved) => queryClient.setQueryData(recordKey(type, saved.id), saved),
    onSettled: () => refresh(type),
  });
}

/** Adds or removes one tag; where the list changed meanwhile, on the newest list. */
export function useTagChange(id: string) {
  const path = `${PATHS.contact}/${id}`;
  type Tagged = AnyRecord & { tags: string[] };
  const send = (record: Tagged, change: (tags: string[]) => string[]) => api.patch<Tagged>(path, { tags: change(record.tags) }, record.revision);
  return useMutation({
    mutationFn: async ({ record, change }: { record: Tagged; change: (tags: string[]) => string[] }) => {
      try {
        return await send(record, change);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 412) throw error;
        return send(await api.get<Tagged>(path), change);
      }
    },
    onMutate: ({ record, change }) => {
      queryClient.setQueryData<Tagged>(recordKey("contact", id), (old) => (old ? { ...old, tags: change(record.tags) } : old));
    },
    onSuccess: (saved) => queryClient.setQueryData(recordKey("contact", id), saved),
    onSettled: () => { refresh("contact"); void queryClient.invalidateQueries({ queryKey: ["/tags"] }); },
  });
}

export function useRemove(type: RecordType) {
  return useMutation({
    mutationFn: (record: AnyRecord) => api.delete(`${PATHS[type]}/${record.id}`),
    onSuccess: (_, record) => {
      showDone("Deleted.", () => {
        void api.post(`${PATHS[type]}/${record.id}/restore`).then(() => { showDone("It is back."); refresh(type); });
      });
      // Not the record itself: its page is about to be left, and would only learn that it is gone.
      void queryClient.invalidateQueries({ queryKey: [PATHS[type], "list"] });
    },
  });
}

export function useAddNote(record: RecordRef) {
  return useMutation({
    mutationFn: (note: { type: string; text: string }) => api.post("/activities", { ...note, record: { type: record.type, id: record.id } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: historyKey(record.type, record.id) }),
  });
}

/** What is shown of these records is read again, their lists and histories too. */
export function refresh(...types: RecordType[]): void {
  for (const type of types) void queryClient.invalidateQueries({ queryKey: [PATHS[type]] });
}
