/** A value of a record or step to read; ids become the names they stand for, or a link. */
import { Link } from "@tanstack/react-router";
import { nameOf, usePipelines, useUsers } from "@/api/people";
import type { Json } from "@/api/types";
import { addressOf } from "@/app/links";
import { optionLabel } from "@/records/fields";
import { valueWords } from "@/words/values";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function ValueView({ field, value }: { field: string; value: Json | undefined }) {
  if (typeof value === "string" && ID.test(value)) return <IdView field={field} id={value} />;
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string" && ID.test(each))) {
    return <>{value.map((each, index) => <span key={String(each)}>{index > 0 && ", "}<IdView field={field} id={String(each)} /></span>)}</>;
  }
  return <>{optionLabel(field, value) ?? valueWords(value)}</>;
}

function IdView({ field, id }: { field: string; id: string }) {
  const { data: users } = useUsers();
  const { data: pipelines } = usePipelines();
  const user = users?.find((each) => each.id === id);
  const named = user ? nameOf(user) : pipelines?.find((each) => each.id === id)?.name ?? pipelines?.flatMap((each) => each.stages).find((each) => each.id === id)?.name;
  if (named) return <>{named}</>;
  const type = field.replace(/_ids?$/, "");
  const href = addressOf(type, id);
  return href ? <Link to={href} className="text-accent-text hover:underline">Open the {type}</Link> : <code className="text-xs" title={id}>…{id.slice(-8)}</code>;
}
