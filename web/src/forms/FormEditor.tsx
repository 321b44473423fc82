/** Edits a form: questions added, ordered and removed, and what its page says. */
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { ApiError, isOverridable, messageOf } from "@/api/errors";
import { useCustomFields } from "@/api/people";
import { useMay } from "@/api/session";
import type { Form } from "@/api/types";
import { useSaveKey } from "@/records/saveKey";
import { AskBeforeLeaving } from "@/ui/AskBeforeLeaving";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Facts";
import { Field, Input, Textarea } from "@/ui/Field";
import { Kbd } from "@/ui/Kbd";
import { Menu, MenuItem } from "@/ui/Menu";
import { Notice } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { bodyOf, changed, draftOf, moved, problemOf, QUESTION_TYPES, removed, withQuestion, type FormDraft, type FormSettings, type Question, type QuestionType } from "./fields";
import { QuestionCard } from "./QuestionCard";
import { useSaveForm } from "./queries";

export function FormEditor({ form }: { form: Form }) {
  const may = useMay("manager");
  const custom = useCustomFields();
  const own = (custom.data ?? []).filter((field) => field.record_type === "contact");
  // What is edited stays what it was opened with, also when somebody else saves meanwhile; saving then says so.
  const [base, setBase] = useState(form);
  const before = useMemo(() => draftOf(base), [base]);
  const [draft, setDraft] = useState<FormDraft>(before);
  const [chosen, setChosen] = useState<number | null>(null);
  const save = useSaveForm(form.id);
  const dirty = JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(before));
  const problem = problemOf(draft);
  const insist = isOverridable(save.error);
  const stale = save.error instanceof ApiError && save.error.status === 412;

  const questions = (next: readonly Question[]) => { setDraft((old) => ({ ...old, questions: next })); if (insist) save.reset(); };
  const setting = (change: FormSettings) => setDraft((old) => ({ ...old, settings: { ...old.settings, ...change } }));
  const submit = () => { if (may && dirty && !problem) save.mutate({ body: bodyOf(draft), revision: base.revision, force: insist }, { onSuccess: saved }); };
  const saved = (now: Form) => { setBase(now); setDraft(draftOf(now)); showDone("Saved. The page shows it now."); };
  const add = (type: QuestionType) => { questions(withQuestion(draft.questions, type)); setChosen(draft.questions.length); };
  useSaveKey(submit);

  return (
    <div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <fieldset disabled={!may} className="min-w-0">
          <legend className="sr-only">Questions</legend>
          {save.error && <div className="mb-4"><Notice title={stale ? "Changed meanwhile by somebody else" : "It was not saved"} action={stale ? <Button size="sm" onClick={() => window.location.reload()}>Show theirs</Button> : undefined}>{stale ? "Your changes are still here, but not saved. Note them down, show the newest and make them again." : messageOf(save.error)}</Notice></div>}
          <ol className="flex flex-col gap-2.5">
            {draft.questions.map((question, index) => (
              <li key={index}>
                <QuestionCard question={question} custom={own} open={chosen === index} first={index === 0} last={index === draft.questions.length - 1} taken={draft.questions.filter((_, at) => at !== index).map((each) => each.maps_to)}
                  onToggle={() => setChosen(chosen === index ? null : index)}
                  onChange={(change) => questions(changed(draft.questions, index, change, own, !before.questions.some((each) => each.key === question.key)))}
                  onMove={(by) => { questions(moved(draft.questions, index, by)); if (chosen === index) setChosen(index + by); }}
                  onRemove={() => { questions(removed(draft.questions, index)); setChosen(null); }} />
              </li>
            ))}
          </ol>
          {may && (
            <div className="mt-3">
              <Menu align="start" trigger={<Button><Plus aria-hidden />Add question</Button>}>
                {(Object.entries(QUESTION_TYPES) as [QuestionType, string][]).map(([type, label]) => <MenuItem key={type} onSelect={() => add(type)}>{label}</MenuItem>)}
              </Menu>
            </div>
          )}
        </fieldset>
        <aside className="min-w-0">
          <Section title="Page">
            <fieldset disabled={!may} className="flex flex-col gap-3.5">
              <legend className="sr-only">Page</legend>
              <Field label="Name"><Input value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} /></Field>
              <Field label="Title" optional><Input value={draft.settings.title ?? ""} placeholder={draft.name} onChange={(event) => setting({ title: event.target.value })} /></Field>
              <Field label="Introduction" optional><Textarea value={draft.settings.intro ?? ""} onChange={(event) => setting({ intro: event.target.value })} /></Field>
              <Field label="Button" optional><Input value={draft.settings.button ?? ""} placeholder="Send" maxLength={60} onChange={(event) => setting({ button: event.target.value })} /></Field>
              <Field label="Thank-you text" optional><Textarea value={draft.settings.thank_you ?? ""} placeholder="Thank you." onChange={(event) => setting({ thank_you: event.target.value })} /></Field>
            </fieldset>
          </Section>
        </aside>
        <AskBeforeLeaving unsaved={dirty}>The form has changes that are not saved.</AskBeforeLeaving>
      </div>
      {may && dirty && <SaveBar problem={problem} verb={insist ? "Save anyway" : "Save"} busy={save.isPending} onSave={submit} onDiscard={() => { setDraft(before); setChosen(null); save.reset(); }} />}
    </div>
  );
}

/** Stays in sight while something is not saved. */
function SaveBar({ problem, verb, busy, onSave, onDiscard }: { problem: string | null; verb: string; busy: boolean; onSave: () => void; onDiscard: () => void }) {
  return (
    <div role="region" aria-label="Unsaved changes" className="sticky bottom-3 z-10 mx-auto mt-6 flex w-full max-w-2xl animate-enter flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-raised py-2.5 pr-2.5 pl-4 shadow-pop">
      <p className="min-w-0 flex-1 basis-40">{problem ? <span className="text-wait">{problem}</span> : "Not saved yet."}</p>
      <span className="hidden sm:inline"><Kbd keys="Ctrl S" /></span>
      <Button look="quiet" onClick={onDiscard}>Discard</Button>
      <Button look="primary" disabled={problem !== null} busy={busy} onClick={onSave}>{verb}</Button>
    </div>
  );
}
