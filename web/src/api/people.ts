/** The account's shared words: users, teams, pipelines, stages, fields, tags. Small lists, read whole. */
import { useQuery } from "@tanstack/react-query";
import { readAll } from "./pages";
import type { CustomField, LifecycleStage, Pipeline, Tag, Team, User } from "./types";

function useAll<T>(path: string) {
  return useQuery({
    queryKey: [path, "all"],
    queryFn: ({ signal }) => readAll<T>(path, signal),
    staleTime: 60_000,
  });
}

export const useUsers = () => useAll<User>("/users");
export const useTeams = () => useAll<Team>("/teams");
export const usePipelines = () => useAll<Pipeline>("/pipelines");
export const useLifecycleStages = () => useAll<LifecycleStage>("/lifecycle-stages");
export const useCustomFields = () => useAll<CustomField>("/custom-fields");
export const useTags = () => useAll<Tag>("/tags");

export function nameOf(user: User | undefined): string {
  return user?.name || user?.email || "Somebody";
}
