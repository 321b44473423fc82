/** What came in through a form, the latest first. */
import { Inbox } from "lucide-react";
import { useList } from "@/api/pages";
import type { Form, Json, Submission } from "@/api/types";
import { RecordLink } from "@/records/cells";
import { useNames } from "@/records/names";
import { plainWords } from "@/records/plain";
import { Button } from "@/ui/Button";
import { Fact, Facts } from "@/ui/Facts";
import { Pill } from "@/ui/Pill";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";

export function Submissions({ form }: { form: Form }) {
  const list = useList<Submission>(`/forms/${form.id}/submissions`, {}, { limit: 50, refetchInterval: 10_000 });
  const names = useNames("contact", list.rows.map((row) => row.contact_id));
  const labels = new Map(form.fields.map((field) => [String(field["key"]), String(field["label"])]));
  if (list.error && list.rows.length === 0) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isLoading) return <SkeletonRows rows={4} />;
  if (list.rows.length === 0) return <Empty icon={<Inbox aria-hidden />} title="Nothing came in yet" action={<Button asChild><a href={form.path} target="_blank" rel="noopener">Open the page</a></Button>}>Fill it in yourself to see what happens, or share its link.</Empty>;
  return (
    <div className="flex max-w-3xl flex-col gap-3">
      {list.rows.map((row) => (
        <article key={row.id} className="card p-4">
          <header className="mb-2 flex flex-wrap items-center gap-2">
            {row.contact_id ? <RecordLink type="contact" id={row.contact_id} name={names.get(row.contact_id)} strong /> : <span className="text-ink-soft">No contact</span>}
            {row.consents.map((consent) => <Pill key={consent.field} tone="ok" title={consent.text}>Consent, version {consent.version}</Pill>)}
            <span className="ml-auto text-sm text-ink-faint"><Time at={row.submitted_at} /></span>
          </header>
          <Facts>{inOrder(row.answers, [...labels.keys()]).map(([key, value]) => <Fact key={key} name={labels.get(key) ?? key}><span className="whitespace-pre-wrap">{plainWords(value)}</span></Fact>)}</Facts>
        </article>
      ))}
      {list.hasNextPage && <Button className="self-center" busy={list.isFetchingNextPage} onClick={list.loadMore}>Show earlier</Button>}
    </div>
  );
}

/** As the form asks them; answers to questions it no longer has come last. */
function inOrder(answers: Record<string, Json>, order: readonly string[]): [string, Json][] {
  const place = (key: string) => { const at = order.indexOf(key); return at < 0 ? order.length : at; };
  return Object.entries(answers).sort(([one], [other]) => place(one) - place(other));
}
