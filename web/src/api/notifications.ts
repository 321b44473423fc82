/** The signed-in person's notifications, newest first; polled, because a bell may be half a minute late. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "./client";
import { api } from "./request";
import type { Notification, Notifications } from "./types";

const KEY = ["/notifications"];

export function useNotifications() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<Notifications>("/notifications", { limit: 50 }, signal),
    refetchInterval: 20_000,
  });
}

function markLocally(matches: (each: Notification) => boolean): void {
  const read_at = new Date().toISOString();
  queryClient.setQueryData<Notifications>(KEY, (old) => {
    if (!old) return old;
    const marked = old.items.filter((each) => matches(each) && !each.read_at);
    return { ...old, unread: Math.max(0, old.unread - marked.length), items: old.items.map((each) => (marked.includes(each) ? { ...each, read_at } : each)) };
  });
}

export function useMarkRead() {
  return useMutation({
    mutationFn: (id: string) => api.post(`/notifications/${id}/read`),
    onMutate: (id) => markLocally((each) => each.id === id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}

export function useMarkAllRead() {
  return useMutation({
    mutationFn: () => api.post("/notifications/read-all"),
    onMutate: () => markLocally(() => true),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}
