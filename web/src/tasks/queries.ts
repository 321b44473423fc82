/** Ticking tasks off, at once and with a way back. */
import { useMutation, type InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { JsonObject, Task } from "@/api/types";
import { refresh } from "@/records/queries";
import { showDone } from "@/ui/toasts";

const LISTS = ["/tasks", "list"];

export function useTick() {
  const change = useMutation({
    mutationFn: ({ task, body }: { task: Task; body: JsonObject }) => api.patch<Task>(`/tasks/${task.id}`, body),
    onMutate: async ({ task, body }) => {
      await queryClient.cancelQueries({ queryKey: LISTS });
      showAs(task.id, body);
    },
    onError: (_error, { task }) => showAs(task.id, { status: task.status }),
    onSettled: () => refresh("task", "contact", "deal"),
  });
  const reopen = (task: Task) => change.mutate({ task: { ...task, status: "done" }, body: { status: "open" } });
  return (task: Task) => {
    if (task.status !== "open") { reopen(task); return; }
    change.mutate({ task, body: { status: "done" } });
    showDone(`Done: ${task.title}`, () => reopen(task));
  };
}

/** Every list that shows the task shows it so, until the server's answer is read. */
function showAs(id: string, body: JsonObject): void {
  queryClient.setQueriesData<InfiniteData<Page<Task>>>({ queryKey: LISTS }, (old) => old && {
    ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map((each) => (each.id === id ? { ...each, ...body } : each)) })),
  });
}
