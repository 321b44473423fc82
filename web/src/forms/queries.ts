/** Forms, what came in, and the workflows that start with them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { Form, Json, JsonObject } from "@/api/types";
import { useWorkflows } from "@/workflows/queries";
import type { Workflow } from "@/workflows/types";

export interface HostedForm extends Form { path: string; consent_version: number }

export interface Submission {
  id: string; form_id: string; contact_id: string | null; answers: Record<string, Json>;
  consents: { field: string; text: string; version: number }[]; submitted_at: string;
}

export function useForm(id: string | null) {
  return useQuery({ queryKey: ["/forms", "one", id], queryFn: ({ signal }) => api.get<HostedForm>(`/forms/${id ?? ""}`, undefined, signal), enabled: id !== null });
}

export function useSaveForm(id: string | null) {
  return useMutation({
    mutationFn: ({ body, revision }: { body: JsonObject; revision?: number | undefined }) => (id ? api.patch<HostedForm>(`/forms/${id}`, body, revision) : api.post<HostedForm>("/forms", body)),
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

const COUNTED = 500;

/** How many answers a form has, exact up to a page of the API, and when the last came. */
export function useSubmissionCount(id: string) {
  return useQuery({
    queryKey: ["/forms", "count", id],
    queryFn: async ({ signal }) => {
      const page = await api.get<Page<Submission>>(`/forms/${id}/submissions`, { limit: COUNTED }, signal);
      return { count: page.items.length, more: page.next_cursor !== null, last: page.items[0]?.submitted_at ?? null };
    },
    staleTime: 30_000,
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

export function addressOfPage(form: Pick<HostedForm, "path">): string {
  return new URL(form.path, window.location.origin).href;
}
