/** Input and output of a step: short values as a list, anything deeper as it is. */
import { fieldWords, sentenceCase, valueWords } from "@/words/values";
import type { Json } from "@/api/types";
import { isMoney } from "@/words/numbers";
import { Fact, Facts } from "@/ui/Facts";
import { ValueView } from "./ValueView";

export function Data({ value }: { value: Json }) {
  if (value === null || typeof value !== "object") return <p className="break-words whitespace-pre-wrap">{valueWords(value)}</p>;
  if (Array.isArray(value)) return <Raw value={value} />;
  return (
    <Facts>
      {Object.entries(value).map(([key, each]) => (
        <Fact key={key} name={sentenceCase(fieldWords(key.replace(/_id$/, "")))}>
          {isFlat(each) ? <span className="break-words whitespace-pre-wrap"><ValueView field={key} value={each} /></span> : <Raw value={each} />}
        </Fact>
      ))}
    </Facts>
  );
}

export function Raw({ value }: { value: Json }) {
  return (
    // A scrolling region must be reachable by the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} aria-label="As JSON" className="max-h-72 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-xs leading-5">{JSON.stringify(value, null, 2)}</pre>
  );
}

/** True where one line says it all. */
export function isFlat(value: Json): boolean {
  if (value === null || typeof value !== "object" || isMoney(value)) return true;
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.length <= 6 && inner.every((each) => each === null || typeof each !== "object");
}

export function isBlank(value: Json | undefined): boolean {
  return value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
}
