/** Problems of a definition as places in its text. Pure: no editor here. */
import type { FieldProblem } from "@/api/errors";

export interface Place { from: number; to: number; message: string; suggestion: string | null; severity: "error" | "warning" }
interface Problem extends Omit<FieldProblem, "line" | "column" | "suggestion"> { line?: number | null; column?: number | null; suggestion?: string | null; severity?: "error" | "warning" }

/** Each problem underlines the rest of its line; without a line it stands at the first one with its path named. */
export function placesOf(problems: readonly Problem[], text: string): Place[] {
  const lines = text.split("\n");
  const starts = lines.reduce<number[]>((sofar, line) => [...sofar, (sofar.at(-1) ?? 0) + line.length + 1], [0]);
  return problems.map((problem) => {
    const known = typeof problem.line === "number" && problem.line >= 1;
    const index = known ? Math.min(problem.line ?? 1, lines.length) - 1 : 0;
    const line = lines[index] ?? "";
    const start = starts[index] ?? 0;
    const indent = line.length - line.trimStart().length;
    const column = known && typeof problem.column === "number" ? Math.min(Math.max(problem.column - 1, 0), line.length) : indent;
    const from = start + Math.min(column, Math.max(line.trimEnd().length - 1, 0));
    return {
      from, to: Math.max(from, start + line.trimEnd().length),
      message: known || !problem.path ? problem.message : `${problem.path}: ${problem.message}`,
      suggestion: problem.suggestion ?? null, severity: problem.severity ?? "error",
    };
  });
}
