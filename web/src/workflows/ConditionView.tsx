/** A condition as a short list of clauses to read. */
import { clauseWords, conditionWords, isClause, isExpression, partsOf, type Joiner } from "./conditions";
import type { Condition } from "./types";

const LEADS: Record<Joiner, string> = { all: "All of these", any: "Any of these", none: "None of these" };

export function ConditionView({ condition }: { condition: Condition }) {
  if (isExpression(condition)) return <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs">{condition.expression}</code>;
  if (isClause(condition)) return <span>{clauseWords(condition)}</span>;
  const parts = partsOf(condition);
  const single = parts.length === 1 && parts[0]?.conditions.length === 1 && parts[0].joiner !== "none" ? parts[0].conditions[0] : undefined;
  if (single) return <ConditionView condition={single} />;
  return (
    <>
      {parts.map(({ joiner, conditions }) => (
        <div key={joiner}>
          <p className="text-xs text-ink-faint">{LEADS[joiner]}</p>
          {conditions.length === 0 ? <p>{conditionWords({ [joiner]: [] })}</p> : (
            <ul className="mt-0.5 flex flex-col gap-0.5 border-l-2 border-line-strong pl-2.5">
              {conditions.map((each, index) => <li key={index}><ConditionView condition={each} /></li>)}
            </ul>
          )}
        </div>
      ))}
    </>
  );
}
