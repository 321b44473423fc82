/** Who is signed in. The shell asks before it shows anything; sign-in and sign-out change it. */
import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { setZone } from "@/words/time";
import { queryClient } from "./client";
import { api, keepCsrfToken } from "./request";
import type { Me, Role } from "./types";

export const meQuery = queryOptions({
  queryKey: ["/me"],
  queryFn: async ({ signal }) => {
    const me = await api.get<Me>("/me", undefined, signal);
    keepCsrfToken(me.csrf_token);
    setZone(me.user.timezone ?? me.tenant.timezone);
    return me;
  },
  staleTime: 5 * 60_000,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

const RANK: Record<Role, number> = { viewer: 0, member: 1, manager: 2, admin: 3, owner: 4 };

/** True where the signed-in person's role is at least this one; the server decides again. */
export function useMay(role: Role): boolean {
  return RANK[useMe().user.role] >= RANK[role];
}

export function useSignIn() {
  return useMutation({
    mutationFn: (who: { email: string; password: string }) => api.post<unknown>("/session", who),
    meta: { quiet: true },
    onSuccess: () => queryClient.clear(),
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => api.delete("/session"),
    onSettled: () => { keepCsrfToken(null); queryClient.clear(); },
  });
}
