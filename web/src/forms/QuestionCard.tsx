/** One question of a form: as people will meet it, and opened, what it asks and where the answer goes. */
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import type { CustomField } from "@/api/types";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Checkbox, Field, Input, Select, Textarea } from "@/ui/Field";
import { Chip } from "@/ui/Pill";
import { QUESTION_TYPES, targetsFor, TARGETS, type Question, type QuestionType } from "./fields";

interface QuestionCardProps {
  question: Question;
  custom: readonly CustomField[];
  open: boolean;
  first: boolean;
  last: boolean;
  /** Contact fields that other questions fill. */
  taken: readonly (string | null)[];
  onToggle: () => void;
  onChange: (change: Partial<Question>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function QuestionCard({ question, custom, open, first, last, taken, onToggle, onChange, onMove, onRemove }: QuestionCardProps) {
  return (
    <div className={classes("card", open && "!border-accent")}>
      <div className="flex items-center gap-1 py-1.5 pr-2 pl-4">
        <button type="button" aria-expanded={open} onClick={onToggle} className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5 gap-y-1 py-1 text-left">
          <span className="min-w-0 truncate font-medium">{question.label || "Without words"}{question.required && <span className="text-bad" title="Required"> *</span>}</span>
          <span className="text-sm text-ink-faint">{QUESTION_TYPES[question.type]}</span>
          {question.maps_to && <Chip>fills {targetName(question.maps_to, custom)}</Chip>}
        </button>
        <IconButton label="Move up" size="sm" disabled={first} onClick={() => onMove(-1)}><ArrowUp aria-hidden /></IconButton>
        <IconButton label="Move down" size="sm" disabled={last} onClick={() => onMove(1)}><ArrowDown aria-hidden /></IconButton>
        <IconButton label={`Remove ${question.label}`} size="sm" onClick={onRemove}><Trash2 aria-hidden /></IconButton>
      </div>
      {open && <Opened question={question} custom={custom} taken={taken} onChange={onChange} />}
    </div>
  );
}

function Opened({ question, custom, taken, onChange }: Pick<QuestionCardProps, "question" | "custom" | "taken" | "onChange">) {
  const targets = targetsFor(question.type, custom).filter(([field]) => field === question.maps_to || !taken.includes(field));
  return (
    <div className="grid gap-x-3 gap-y-3.5 border-t border-line p-4 sm:grid-cols-2">
      <Field label="Label"><Input autoFocus value={question.label} onChange={(event) => onChange({ label: event.target.value })} /></Field>
      <Field label="Type">
        <Select value={question.type} onChange={(event) => onChange({ type: event.target.value as QuestionType })}>
          {Object.entries(QUESTION_TYPES).map(([type, label]) => <option key={type} value={type}>{label}</option>)}
        </Select>
      </Field>
      {question.type === "choice" && <Field className="sm:col-span-2" label="Options, one per line"><Textarea value={question.options.join("\n")} onChange={(event) => onChange({ options: event.target.value.split("\n") })} /></Field>}
      {question.type === "consent" && <Field className="sm:col-span-2" label="What people agree to" hint="Kept word for word with every answer. Ticked, it grants the contact’s email consent."><Textarea value={question.text ?? ""} onChange={(event) => onChange({ text: event.target.value })} /></Field>}
      {question.type !== "consent" && (
        <Field label="Fills the contact’s" hint={targets.length === 0 ? "No field of a contact fits this type." : undefined}>
          <Select value={question.maps_to ?? ""} onChange={(event) => onChange({ maps_to: event.target.value || null })}>
            <option value="">Nothing, only kept as an answer</option>
            {targets.map(([field, label]) => <option key={field} value={field}>{label}</option>)}
          </Select>
        </Field>
      )}
      <Field label="Help below the question" optional><Input value={question.help ?? ""} onChange={(event) => onChange({ help: event.target.value })} /></Field>
      <div className="flex flex-wrap items-center justify-between gap-3 sm:col-span-2">
        <Checkbox label="Must be answered" checked={question.required} onChange={(event) => onChange({ required: event.target.checked })} />
        <span className="text-sm text-ink-faint">In workflows: <code>form.{question.key}</code></span>
      </div>
    </div>
  );
}

function targetName(field: string, custom: readonly CustomField[]): string {
  return TARGETS.find(([each]) => each === field)?.[1] ?? custom.find((each) => `custom.${each.key}` === field)?.name ?? field;
}
