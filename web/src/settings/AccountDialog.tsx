/** Changing the account. */
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Tenant } from "@/api/types";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Field, Input } from "@/ui/Field";
import { Picker } from "@/ui/Picker";
import { Notice } from "@/ui/States";
import { zones } from "./zones";

const names = new Intl.DisplayNames("en", { type: "currency" });
const currencies = Intl.supportedValuesOf("currency").map((code) => ({ value: code, label: code, detail: names.of(code) ?? "" }));

export function AccountDialog({ tenant, onDone, onClose }: { tenant: Tenant; onDone: () => void; onClose: () => void }) {
  const [name, setName] = useState(tenant.name);
  const [currency, setCurrency] = useState(tenant.currency);
  const [timezone, setTimezone] = useState(tenant.timezone);
  const save = useMutation({
    mutationFn: () => api.patch<Tenant>("/tenant", { name: name.trim(), currency, timezone }, tenant.revision),
    meta: { quiet: true },
    onSuccess: () => { onDone(); onClose(); },
  });
  const error = save.error instanceof ApiError ? save.error : null;
  return (
    <Dialog open unsaved={useEdited([name, currency, timezone])} onClose={onClose} title="Account" footer={<><Cancel /><Button look="primary" type="submit" form="account" busy={save.isPending}>Save</Button></>}>
      <form id="account" className="flex flex-col gap-4" onSubmit={(event: FormEvent) => { event.preventDefault(); save.mutate(); }}>
        {save.error && <Notice title="It was not saved">{messageOf(save.error)}</Notice>}
        <Field label="Name" error={error?.for("name")}><Input required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} /></Field>
        <Field label="Currency" error={error?.for("currency")}><Picker choices={currencies} value={currency} onChange={(value) => setCurrency(value ?? tenant.currency)} /></Field>
        <Field label="Time zone" error={error?.for("timezone")}><Picker choices={zones} value={timezone} onChange={(value) => setTimezone(value ?? tenant.timezone)} /></Field>
      </form>
    </Dialog>
  );
}
