/** Problems of a definition as places in its text, with a correction where there is one. Pure: no editor here. */
import type { Problem } from "./types";

export interface Place {
  from: number;
  to: number;
  message: string;
  severity: "error" | "warning";
  /** What the underlined text should be, where one word is wrong and the right one is known. */
  correction: string | null;
}

/**
 * Each problem underlines the word it quotes, else the rest of its line; without a line it
 * stands at the first one with its path named.
 */
export function placesOf(problems: readonly Problem[], text: string): Place[] {
  const lines = text.split("\n");
  const starts = lines.reduce<number[]>((sofar, line) => [...sofar, (sofar.at(-1) ?? 0) + line.length + 1], [0]);
  return problems.map((problem) => {
    const known = typeof problem.line === "number" && problem.line >= 1;
    const index = known ? Math.min(problem.line ?? 1, lines.length) - 1 : 0;
    const line = lines[index] ?? "";
    const start = starts[index] ?? 0;
    const word = known ? quotedWord(problem, line) : null;
    const from = word ? word.from : firstOf(problem, line, known);
    return {
      from: start + from,
      to: start + Math.max(from, word ? word.to : line.trimEnd().length),
      message: problemWords(known || !problem.path ? problem : { ...problem, message: `${problem.path}: ${problem.message}` }),
      severity: problem.severity ?? "error",
      correction: word && oneWord(problem.suggestion),
    };
  });
}

/** The message with its suggestion as a sentence. */
export function problemWords({ message, suggestion }: Pick<Problem, "message" | "suggestion">): string {
  if (!suggestion) return message;
  if (oneWord(suggestion)) return `${message} Did you mean “${suggestion}”?`;
  const words = suggestion.charAt(0).toUpperCase() + suggestion.slice(1);
  return `${message} ${/[.!?]$/.test(words) ? words : `${words}.`}`;
}

function quotedWord({ message, column }: Problem, line: string): { from: number; to: number } | null {
  const word = /[“'‘]([^”'’]+)[”'’]/.exec(message)?.[1];
  if (!word) return null;
  const after = typeof column === "number" ? column - 1 : 0;
  const at = line.indexOf(word, after);
  return at < 0 ? null : { from: at, to: at + word.length };
}

function firstOf({ column }: Problem, line: string, known: boolean): number {
  const indent = line.length - line.trimStart().length;
  const at = known && typeof column === "number" ? Math.max(column - 1, 0) : indent;
  return Math.min(at, Math.max(line.trimEnd().length - 1, 0));
}

function oneWord(suggestion: string | null | undefined): string | null {
  return suggestion && /^\S+$/.test(suggestion) ? suggestion : null;
}
