/** Hooks: addresses that other systems call. Address and secret are shown once, when they are made. */
import { useMutation } from "@tanstack/react-query";
import { Webhook } from "lucide-react";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Json, JsonObject } from "@/api/types";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Pill } from "@/ui/Pill";
import { Notice } from "@/ui/States";
import { Time } from "@/ui/Time";
import { showDone } from "@/ui/toasts";
import { EditDialog } from "./EditDialog";
import { HOOK_FIELDS, OVERLAP, SIGNATURE_FIELDS } from "./hookFields";
import { SettingList } from "./SettingList";
import { ShownOnce } from "./ShownOnce";

interface Hook { id: string; key: string; name: string; hint: string; signature: "none" | "standard" | "header"; signature_header: string | null; previous_secret_until: string | null; revision: number }
interface Shown { label: string; value: string }

export function HooksTab() {
  const [shown, setShown] = useState<Shown[]>([]);
  const [signing, setSigning] = useState<Hook | null>(null);
  const [moving, setMoving] = useState<Hook | null>(null);
  const show = (answer: JsonObject) => {
    const found = [...secretOf("Address", addressOf(answer["path"])), ...secretOf("Secret of its signatures", answer["secret"])];
    if (found.length === 0) showDone("Saved.");
    setShown(found);
  };
  return (
    <>
      <SettingList<Hook> path="/hooks" one="hook" icon={<Webhook aria-hidden />} about="Other systems call these addresses, and a workflow starts with what they send." editable={false}
        fields={HOOK_FIELDS} onCreated={show}
        nameOf={(hook) => hook.name} removal={{ word: "Delete", says: "Its address opens nothing any more. Workflows that start with it are listed first." }}
        actions={(hook) => <><Button size="sm" onClick={() => setSigning(hook)}>Signature</Button><Button size="sm" onClick={() => setMoving(hook)}>New address</Button></>}
        show={(hook) => <Row hook={hook} />} />
      {signing && (
        <EditDialog title={`Signature of ${signing.name}`} path="/hooks" fields={signing.signature === "none" ? SIGNATURE_FIELDS : [...SIGNATURE_FIELDS, OVERLAP]}
          row={{ id: signing.id, kind: signing.signature, header: signing.signature_header } as { id: string }}
          send={(body) => api.put<JsonObject>(`/hooks/${signing.id}/signature`, body)} onDone={show} onClose={() => setSigning(null)} />
      )}
      {moving && <NewAddress hook={moving} onDone={show} onClose={() => setMoving(null)} />}
      {shown.length > 0 && <ShownOnce title="Keep this now" description="This is the only time it is shown. Give it to the system that calls." value={shown} onClose={() => setShown([])} />}
    </>
  );
}

function Row({ hook }: { hook: Hook }) {
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{hook.name} <code className="ml-1 text-xs font-normal text-ink-faint">{hook.key}</code></p>
        <p className="truncate text-sm text-ink-faint">Address ends in …{hook.hint}{isAhead(hook.previous_secret_until) && <> · the secret of before counts until <Time at={hook.previous_secret_until} /></>}</p>
      </div>
      {hook.signature === "none" ? <Pill tone="idle">Not signed</Pill> : <Pill tone="ok">{hook.signature === "standard" ? "Standard Webhooks" : hook.signature_header}</Pill>}
    </div>
  );
}

function NewAddress({ hook, onDone, onClose }: { hook: Hook; onDone: (answer: JsonObject) => void; onClose: () => void }) {
  const rotate = useMutation({
    mutationFn: () => api.post<JsonObject>(`/hooks/${hook.id}/rotate`),
    meta: { quiet: true },
    onSuccess: (answer) => { onDone(answer); onClose(); },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["/hooks"] }),
  });
  return (
    <Confirm open title={`A new address for ${hook.name}?`} action="Make a new address" danger busy={rotate.isPending} onClose={onClose} onConfirm={() => rotate.mutate()}>
      {rotate.error ? <Notice title="It was not done">{messageOf(rotate.error)}</Notice> : "The old address stops working at once. Give the new one to the system that calls."}
    </Confirm>
  );
}

function addressOf(path: Json | undefined): string | undefined {
  return typeof path === "string" ? `${window.location.origin}${path}` : undefined;
}

function secretOf(label: string, value: Json | undefined): Shown[] {
  return typeof value === "string" ? [{ label, value }] : [];
}

function isAhead(at: string | null): at is string {
  return at !== null && new Date(at) > new Date();
}
