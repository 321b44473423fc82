/** The query cache and its rules: what is tried again, and what happens when the session ends. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isPassing, messageOf } from "./errors";
import { showError } from "@/ui/toasts";

type Listener = () => void;
let whenSignedOut: Listener = () => {};

export function onSignedOut(listener: Listener): void {
  whenSignedOut = listener;
}

function noticeSignOut(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) whenSignedOut();
}

declare module "@tanstack/react-query" {
  interface Register {
    /** `quiet`: the page shows the error itself, so no toast. */
    mutationMeta: { quiet?: boolean };
  }
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      noticeSignOut(error);
      if (!mutation.meta?.quiet) showError(messageOf(error));
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
