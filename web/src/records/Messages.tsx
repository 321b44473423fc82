/** The messages to a contact as they were rendered, and what became of them. */
import { ChevronRight, Mail } from "lucide-react";
import { useState } from "react";
import { useList } from "@/api/pages";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Fact, Facts } from "@/ui/Facts";
import { Pill, type Tone } from "@/ui/Pill";
import { Empty, Failure, Notice, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { ByWorkflow } from "./ByWorkflow";
import { notSentWords } from "./messageWords";
import type { SentMessage } from "./types";

const TONES: Record<string, Tone> = { sent: "ok", queued: "live", sending: "live", failed: "bad", skipped: "wait" };

export function Messages({ contactId }: { contactId: string }) {
  const list = useList<SentMessage>(`/contacts/${contactId}/messages`, {}, { limit: 50, refetchInterval: 10_000 });
  if (list.error && list.rows.length === 0) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isLoading) return <SkeletonRows rows={4} />;
  if (list.rows.length === 0) return <Empty icon={<Mail aria-hidden />} title="No messages yet">What workflows send to this contact is kept here, exactly as it went out.</Empty>;
  return (
    <div className="flex flex-col gap-3">
      <ul className="card divide-y divide-line">{list.rows.map((message) => <li key={message.id}><Entry message={message} /></li>)}</ul>
      {list.hasNextPage && <Button className="self-center" busy={list.isFetchingNextPage} onClick={list.loadMore}>Show earlier</Button>}
    </div>
  );
}

function Entry({ message }: { message: SentMessage }) {
  const [open, setOpen] = useState(false);
  const incoming = message.direction === "in";
  return (
    <article>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-left hover:bg-hover">
        <ChevronRight aria-hidden className={classes("size-4 shrink-0 text-ink-faint transition-transform", open && "rotate-90")} />
        <span className="min-w-0 flex-1"><span className="block truncate font-medium">{message.subject || "No subject"}</span><span className="block truncate text-sm text-ink-soft">{incoming ? `from ${message.sender}` : `to ${message.recipient}`}</span></span>
        <Pill tone={TONES[message.state] ?? "idle"} dot>{codeWords(message.state)}</Pill>
        <span className="w-24 text-right text-sm text-ink-faint"><Time at={message.sent_at ?? message.created_at} /></span>
      </button>
      {open && (
        <div className="flex flex-col gap-3 border-t border-line bg-sunken/50 px-4 py-3">
          {message.error && <Notice tone={message.state === "failed" ? "bad" : "wait"} title="It was not sent">{notSentWords(message.error)}</Notice>}
          <Facts>
            <Fact name="From">{message.sender}</Fact>
            <Fact name="To">{message.recipient}</Fact>
            {message.reply_to && <Fact name="Reply to">{message.reply_to}</Fact>}
            {message.execution && <Fact name="Sent by"><ByWorkflow execution={message.execution} /></Fact>}
            {message.attempts > 1 && <Fact name="Attempts">{message.attempts}</Fact>}
            {message.message_id && <Fact name="Message id"><code className="text-xs break-all">{message.message_id}</code></Fact>}
          </Facts>
          <Body message={message} />
        </div>
      )}
    </article>
  );
}

/** A message's HTML has no scripts, no forms, no way out of its frame, and loads nothing from elsewhere. */
function Body({ message }: { message: SentMessage }) {
  if (!message.body_html) return <p className="rounded-md border border-line bg-surface p-3 break-words whitespace-pre-wrap">{message.body_text || "No text."}</p>;
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="color-scheme" content="light"><base target="_blank"><style>body{margin:16px;background:#fff;color:#1b2428;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%}</style>${message.body_html}`;
  return <iframe title={`Message: ${message.subject ?? "no subject"}`} sandbox="" srcDoc={page} className="h-80 w-full resize-y rounded-md border border-line bg-white" />;
}
