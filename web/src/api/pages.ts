/** Keyset-paged lists: one shape for every list of the API, flattened for the tables. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type QueryValue } from "./request";
import type { Schemas } from "./types";

/** What every list answers, whatever its items. */
export type Page<T> = Omit<Schemas["Page_Contact_"], "items"> & { items: T[] };

export type ListQuery = Readonly<Record<string, QueryValue>>;

export interface ListOptions {
  limit?: number;
  refetchInterval?: number | false;
  enabled?: boolean;
}

/** Every row of a short list, however many pages it takes. */
export async function readAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { limit: 500, cursor }, signal);
    rows.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return rows;
}

export function listKey(path: string, query: ListQuery = {}) {
  return [path, "list", query] as const;
}

/** All loaded rows of a list, and the way to the next page. */
export function useList<T>(path: string, query: ListQuery = {}, options: ListOptions = {}) {
  const { limit = 100, refetchInterval = false, enabled = true } = options;
  const result = useInfiniteQuery({
    queryKey: listKey(path, query),
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(path, { ...query, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    placeholderData: keepPreviousData,
    refetchInterval,
    enabled,
  });
  const rows = useMemo(() => result.data?.pages.flatMap((page) => page.items) ?? [], [result.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = result;
  return {
    rows,
    error: result.error,
    isLoading: result.isPending && enabled,
    isFetching: result.isFetching,
    isFetchingNextPage,
    hasNextPage,
    refetch: result.refetch,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}
