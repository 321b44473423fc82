/** What is wrong in the text below the editor, each leading to its line. It checks nothing itself. */
import { CircleX, TriangleAlert } from "lucide-react";
import { problemWords } from "./diagnostics";
import type { Problem } from "./types";

export function ProblemList({ problems, onGo }: { problems: readonly Problem[]; onGo: (line: number) => void }) {
  if (problems.length === 0) return null;
  return (
    <section aria-label="Problems" className="max-h-44 shrink-0 overflow-y-auto border-t border-line bg-sunken py-1.5">
      <ul>
        {problems.map((problem, index) => <li key={index}><Entry problem={problem} onGo={onGo} /></li>)}
      </ul>
    </section>
  );
}

function Entry({ problem, onGo }: { problem: Problem; onGo: (line: number) => void }) {
  const Icon = problem.severity === "warning" ? TriangleAlert : CircleX;
  const line = problem.line ?? 1;
  return (
    <button type="button" onClick={() => onGo(line)} className="flex w-full items-start gap-2.5 px-4 py-1 text-left hover:bg-hover focus-visible:-outline-offset-2 sm:px-6">
      <Icon role="img" aria-label={problem.severity === "warning" ? "Warning:" : "Problem:"} className={problem.severity === "warning" ? "mt-0.5 size-4 shrink-0 text-wait" : "mt-0.5 size-4 shrink-0 text-bad"} />
      <span className="min-w-0 flex-1 break-words">{problemWords(problem)}</span>
      <span className="tabular shrink-0 text-ink-faint">{problem.line ? `Line ${line}` : problem.path}</span>
    </button>
  );
}
