/** The catalogue of triggers, flow steps and actions; everything the pages say about a node type comes from here. */
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { NodeType } from "@/workflows/types";
import { codeWords } from "@/words/codes";

export function useNodeTypes() {
  return useQuery({
    queryKey: ["/node-types"],
    queryFn: async ({ signal }) => {
      const { items } = await api.get<Page<NodeType>>("/node-types", undefined, signal);
      return new Map(items.map((node) => [node.type, node]));
    },
    staleTime: Infinity,
  });
}

/** A node type's title, or its code in words while the catalogue is loading. */
export function useTitleOf(): (type: string) => string {
  const { data } = useNodeTypes();
  return useCallback((type: string) => data?.get(type)?.title ?? codeWords(type), [data]);
}
