/** Input and output of a step: names and values, those inside indented; what lies very deep as JSON. */
import { fieldWords, sentenceCase, valueWords } from "@/words/values";
import type { Json } from "@/api/types";
import { isMoney } from "@/words/numbers";
import { Fact, Facts } from "@/ui/Facts";
import { ValueView } from "./ValueView";

const DEEPEST = 4;

export function Data({ value, depth = 0 }: { value: Json; depth?: number }) {
  if (value === null || typeof value !== "object") return <p className="break-words whitespace-pre-wrap">{valueWords(value)}</p>;
  if (Array.isArray(value)) {
    return <ol className="flex flex-col gap-2">{value.map((each, index) => <li key={index} className="border-l-2 border-line pl-3">{isFlat(each) && typeof each !== "object" ? valueWords(each) : <Data value={each} depth={depth + 1} />}</li>)}</ol>;
  }
  return (
    <Facts>
      {Object.entries(value).map(([key, each]) => (
        <Fact key={key} name={keyWords(key)}>
          {isFlat(each) ? <span className="break-words whitespace-pre-wrap"><ValueView field={key} value={each} /></span> : <Inner value={each} depth={depth} />}
        </Fact>
      ))}
    </Facts>
  );
}

function keyWords(key: string): string {
  return key === "url" || key === "id" ? key.toUpperCase() : sentenceCase(fieldWords(key.replace(/_id$/, "")));
}

/** A value inside: still names and values, unless it lies very deep. */
function Inner({ value, depth }: { value: Json; depth: number }) {
  return depth < DEEPEST ? <div className="rounded-md border-l-2 border-line pl-3"><Data value={value} depth={depth + 1} /></div> : <Raw value={value} />;
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
