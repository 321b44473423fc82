/** Opens a form under a name, with three questions to begin with. */
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/errors";
import type { Form } from "@/api/types";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { Field, Input } from "@/ui/Field";
import { Notice } from "@/ui/States";
import { bodyOf, STARTER } from "./fields";
import { useSaveForm } from "./queries";

export function NewForm({ onClose, onMade }: { onClose: () => void; onMade: (form: Form) => void }) {
  const [name, setName] = useState("");
  const save = useSaveForm(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ body: bodyOf({ ...STARTER, name }) }, { onSuccess: (form) => { onClose(); onMade(form); } });
  };
  return (
    <Dialog open unsaved={name.trim() !== ""} onClose={onClose} title="New form" description="It begins with name, email and message; you change them next." footer={<>
      <Cancel />
      <Button look="primary" type="submit" form="new-form" busy={save.isPending}>Create form</Button>
    </>}>
      <form id="new-form" onSubmit={submit} className="flex flex-col gap-4">
        {save.error && <Notice title="It was not created">{messageOf(save.error)}</Notice>}
        <Field label="Name" hint="Its page’s address comes from the name, such as /f/your-account/contact-us."><Input required value={name} autoFocus placeholder="Contact us" onChange={(event) => setName(event.target.value)} /></Field>
      </form>
    </Dialog>
  );
}
