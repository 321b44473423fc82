/** Forms, what came in, and the workflows that start with them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { api } from "@/api/request";
import type { Form, JsonObject } from "@/api/types";
import { useWorkflows } from "@/workflows/queries";
import type { Workflow } from "@/workflows/types";

export function useForm(id: string | null) {
  return useQuery({ queryKey: ["/forms", "one", id], queryFn: ({ signal }) => api.get<Form>(`/forms/${id ?? ""}`, undefined, signal), enabled: id !== null });
}

export function useSaveForm(id: string | null) {
  return useMutation({
    mutationFn: ({ body, revision, force = false }: { body: JsonObject; revision?: number | undefined; force?: boolean }) => (id ? api.patch<Form>(`/forms/${id}${force ? "?force=true" : ""}`, body, revision) : api.post<Form>("/forms", body)),
    meta: { quiet: true },
    onSuccess: (saved) => queryClient.setQueryData(["/forms", "one", saved.id], saved),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["/forms"] }),
  });
}

export function useDeleteForm() {
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }) => api.delete(`/forms/${id}${force ? "?force=true" : ""}`),
    meta: { quiet: true },
    // Not the form itself: its page is about to be left, and would only learn that it is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["/forms", "list"] }),
  });
}

/** The workflows whose draft or published definition starts with the form. */
export function useUsedBy(key: string): readonly Workflow[] {
  const { data } = useWorkflows();
  return (data ?? []).filter((workflow) => {
    const trigger = workflow.definition?.trigger;
    const forms = trigger?.type === "form.submitted" ? trigger["forms"] : undefined;
    return Array.isArray(forms) && forms.includes(key) && workflow.status !== "archived";
  });
}

export function addressOfPage(form: Pick<Form, "path">): string {
  return new URL(form.path, window.location.origin).href;
}
