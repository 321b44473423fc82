/** The questions of a form while it is edited: operations that keep it sound, and what the API takes. Pure. */
import { keyOf } from "@/settings/form";
import type { Form, JsonObject } from "@/api/types";

export type QuestionType = NonNullable<Form["fields"][number]["type"]>;

export interface Question {
  key: string;
  label: string;
  type: QuestionType;
  required: boolean;
  options: readonly string[];
  maps_to: string | null;
  text: string | null;
  help: string | null;
}

export interface FormSettings { title?: string; intro?: string; button?: string; thank_you?: string }

export interface FormDraft { name: string; questions: readonly Question[]; settings: FormSettings }

export const QUESTION_TYPES: Record<QuestionType, string> = {
  text: "Short text", long_text: "Long text", email: "Email", phone: "Phone", number: "Number", choice: "Choice", checkbox: "Checkbox", consent: "Consent",
};

/** Contact fields that the public may fill, and which types of question fit them. */
export const TARGETS: readonly (readonly [field: string, label: string, fits: readonly QuestionType[]])[] = [
  ["email", "Email", ["email"]], ["first_name", "First name", ["text"]], ["last_name", "Last name", ["text"]],
  ["phone", "Phone", ["phone", "text"]], ["job_title", "Job title", ["text", "choice"]],
  ["country", "Country", ["text", "choice"]], ["language", "Language", ["text", "choice"]], ["timezone", "Time zone", ["text", "choice"]],
];

const FITS: Record<string, readonly QuestionType[]> = {
  text: ["text", "long_text", "choice", "email", "phone"], long_text: ["text", "long_text"], number: ["number"], money: ["number"], boolean: ["checkbox"],
  choice: ["choice"], multi_choice: ["choice"], email: ["email"], phone: ["phone", "text"], url: ["text"], date: ["text"], date_time: ["text"], user: [],
};

/** Where an answer of that type can go: a custom field as "custom.key". */
export function targetsFor(type: QuestionType, custom: readonly { key: string; name: string; type: string }[]): readonly (readonly [string, string])[] {
  const own = custom.filter((field) => FITS[field.type]?.includes(type)).map((field) => [`custom.${field.key}`, field.name] as const);
  return [...TARGETS.filter(([, , fits]) => fits.includes(type)).map(([field, label]) => [field, label] as const), ...own];
}

export const STARTER: FormDraft = {
  name: "",
  questions: [
    { key: "name", label: "Your name", type: "text", required: true, options: [], maps_to: "first_name", text: null, help: null },
    { key: "email", label: "Email", type: "email", required: true, options: [], maps_to: "email", text: null, help: null },
    { key: "message", label: "Message", type: "long_text", required: false, options: [], maps_to: null, text: null, help: null },
  ],
  settings: {},
};

export function withQuestion(questions: readonly Question[], type: QuestionType): readonly Question[] {
  const label = QUESTION_TYPES[type];
  return [...questions, {
    key: freeKey(questions, label), label, type, required: false, options: type === "choice" ? ["First", "Second"] : [],
    maps_to: type === "email" && !questions.some((each) => each.maps_to === "email") ? "email" : null,
    text: type === "consent" ? "I agree to be contacted by email." : null, help: null,
  }];
}

/** One question changed; what no longer fits its type is dropped. A question nobody answered yet keeps its key after its label. */
export function changed(questions: readonly Question[], index: number, change: Partial<Question>, custom: readonly { key: string; name: string; type: string }[], follow: boolean): readonly Question[] {
  return questions.map((question, at) => {
    if (at !== index) return question;
    const next = { ...question, ...change };
    if (change.type && change.type !== question.type) {
      if (next.maps_to && !targetsFor(next.type, custom).some(([field]) => field === next.maps_to)) next.maps_to = null;
      if (next.type === "choice" && next.options.length === 0) next.options = ["First", "Second"];
      if (next.type !== "choice") next.options = [];
      next.text = next.type === "consent" ? next.text ?? "I agree to be contacted by email." : null;
    }
    if (change.label !== undefined && follow) next.key = freeKey(questions.filter((_, other) => other !== index), change.label);
    return next;
  });
}

export function moved(questions: readonly Question[], index: number, by: -1 | 1): readonly Question[] {
  const to = index + by;
  if (to < 0 || to >= questions.length) return questions;
  const next = [...questions];
  const [taken] = next.splice(index, 1);
  if (taken) next.splice(to, 0, taken);
  return next;
}

export function removed(questions: readonly Question[], index: number): readonly Question[] {
  return questions.filter((_, at) => at !== index);
}

/** What keeps the form from being saved, in words; the server says the rest. */
export function problemOf(draft: FormDraft): string | null {
  if (!draft.name.trim()) return "Give the form a name.";
  if (!draft.questions.some((each) => each.type === "email" && each.maps_to === "email")) return "Add a question of the type Email that fills the contact’s email: by it the contact is found or made.";
  const blank = draft.questions.find((each) => !each.label.trim());
  if (blank) return "Every question needs its words.";
  const optionless = draft.questions.find((each) => each.type === "choice" && each.options.every((option) => !option.trim()));
  if (optionless) return `“${optionless.label}” needs options to choose from.`;
  const silent = draft.questions.find((each) => each.type === "consent" && !each.text?.trim());
  return silent ? `“${silent.label}” needs the text people agree to.` : null;
}

export function draftOf(form: { name: string; fields: readonly JsonObject[]; settings: JsonObject }): FormDraft {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    name: form.name, settings: form.settings as FormSettings,
    questions: form.fields.map((field) => ({
      key: text(field["key"]) ?? "", label: text(field["label"]) ?? "", type: (text(field["type"]) ?? "text") as QuestionType, required: field["required"] === true,
      options: Array.isArray(field["options"]) ? field["options"].map(String) : [], maps_to: text(field["maps_to"]), text: text(field["text"]), help: text(field["help"]),
    })),
  };
}

export function bodyOf(draft: FormDraft): JsonObject {
  return {
    name: draft.name.trim(),
    fields: draft.questions.map(({ key, label, type, required, options, maps_to, text, help }): JsonObject => ({
      key, label: label.trim(), type, required, maps_to,
      ...(type === "choice" ? { options: options.map((option) => option.trim()).filter(Boolean) } : {}),
      ...(type === "consent" && text ? { text: text.trim() } : {}), ...(help?.trim() ? { help: help.trim() } : {}),
    })),
    settings: Object.fromEntries(Object.entries(draft.settings).filter(([, value]) => typeof value === "string" && value.trim() !== "")),
  };
}

function freeKey(questions: readonly Question[], label: string): string {
  const wanted = keyOf(label, "_").replace(/^[^a-z]+/, "") || "question";
  const taken = new Set(questions.map((each) => each.key));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}_${number}`)) return `${wanted}_${number}`;
}
