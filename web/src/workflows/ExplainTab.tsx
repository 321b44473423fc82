/** For a record and this workflow: why it entered or not, where it is, when it moves next; in words. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { MessageCircleQuestion, Play } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/request";
import { useMay } from "@/api/session";
import type { SearchHit } from "@/api/types";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Picker } from "@/ui/Picker";
import { Pill } from "@/ui/Pill";
import { Empty, Failure, Skeleton } from "@/ui/States";
import { codeWords } from "@/words/codes";
import { useEnroll, useExplanation } from "./queries";

const RECORDS = new Set(["contact", "company", "deal", "task"]);

export function ExplainTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { type, record } = useSearch({ from: "/app/workflows/$workflowId/explain" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const hits = useQuery({
    queryKey: ["/search", typed],
    queryFn: async ({ signal }) => (await api.get<{ items: SearchHit[] }>("/search", { q: typed }, signal)).items.filter((hit) => RECORDS.has(hit.type)),
    enabled: typed.trim().length >= 2,
  });
  const choices = (hits.data ?? []).map((hit) => ({ value: `${hit.type}/${hit.id}`, label: hit.title, detail: hit.subtitle ?? hit.type }));
  const choose = (value: string | null) => {
    const [nextType, nextRecord] = value?.split("/") ?? [];
    void navigate({ to: "/workflows/$workflowId/explain", params: { workflowId }, search: nextType && nextRecord ? { type: nextType, record: nextRecord } : {} });
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-2xl px-4 py-6 sm:px-6">
        <Field label="Record" hint="Pick one, and read why it entered this workflow or why it did not.">
          <Picker choices={choices} value={type && record ? `${type}/${record}` : null} onChange={choose} onSearch={setTyped} loading={hits.isFetching} placeholder="Search a contact, company, deal or task…"
            chosen={type && record ? { value: `${type}/${record}`, label: `The chosen ${type}` } : undefined} />
        </Field>
        <div className="mt-6">
          {type && record ? <Answer workflowId={workflowId} record={{ type, id: record }} />
            : <Empty icon={<MessageCircleQuestion aria-hidden />} title="Ask about a record">The answer names the filter, the value it had, and what happens next.</Empty>}
        </div>
      </div>
    </div>
  );
}

function Answer({ workflowId, record }: { workflowId: string; record: { type: string; id: string } }) {
  const { data, error, isPending, refetch } = useExplanation(workflowId, record);
  const enroll = useEnroll(workflowId);
  const may = useMay("member");
  if (error) return <Failure error={error} onRetry={() => void refetch()} className="!py-8" />;
  if (isPending) return <div className="flex flex-col gap-2.5" aria-busy="true"><Skeleton className="w-1/3" /><Skeleton /><Skeleton className="w-4/5" /></div>;
  const execution = data["execution_id"];
  return (
    <div className="card p-5">
      <Pill tone="accent">{codeWords(data.state)}</Pill>
      <div className="mt-3 flex flex-col gap-2 text-lg">{data.sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      <div className="mt-4 flex flex-wrap gap-2">
        {typeof execution === "string" && <Button asChild><Link to="/executions/$executionId" params={{ executionId: execution }}>Open the execution</Link></Button>}
        {may && <Button busy={enroll.isPending} onClick={() => enroll.mutate({ record_type: record.type, record_id: record.id }, { onSuccess: () => void refetch() })}><Play aria-hidden />Enroll now</Button>}
      </div>
    </div>
  );
}
