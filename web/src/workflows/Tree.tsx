/** The definition as a tree: the trigger, then steps from top to bottom, cases indented beneath their branch. */
import { CornerDownRight } from "lucide-react";
import type { ReactNode } from "react";
import { NodeIcon } from "@/nodes/NodeIcon";
import { useNodeTypes } from "@/nodes/queries";
import { classes } from "@/ui/classes";
import { Pill } from "@/ui/Pill";
import { codeWords } from "@/words/codes";
import { sentenceCase } from "@/words/values";
import { ConditionView } from "./ConditionView";
import { problemWords } from "./diagnostics";
import { blocksOf, detailsOf, linesOf } from "./outline";
import { TemplateText } from "./TemplateText";
import type { Definition, NodeType, Problem, Step, Trigger } from "./types";

type Types = ReadonlyMap<string, NodeType> | undefined;

/** What the API says each step does, by the step's id, and what starts it. */
export interface Words { start_words?: string | null; step_words?: Readonly<Record<string, string>> }

export function Tree({ definition, words = {}, problems = [] }: { definition: Definition; words?: Words; problems?: readonly Problem[] }) {
  const { data: types } = useNodeTypes();
  return (
    <div className="flex flex-col">
      <Problems problems={problems.filter((each) => !/^(trigger|steps)\b/.test(each.path))} className="mb-3" />
      {definition.trigger && <TriggerCard trigger={definition.trigger} types={types} words={words.start_words} problems={problems.filter((each) => /^trigger\b/.test(each.path))} />}
      <Steps steps={definition.steps ?? []} types={types} path="steps" problems={problems} words={words.step_words ?? {}} />
      <div className="flex items-center gap-3 pt-2 pl-3.5 text-sm text-ink-faint"><span aria-hidden className="size-2 rounded-full border-2 border-line-strong" />End</div>
    </div>
  );
}

function TriggerCard({ trigger, types, words, problems }: { trigger: Trigger; types: Types; words?: string | null | undefined; problems: readonly Problem[] }) {
  const node = types?.get(trigger.type);
  return (
    <div className="rounded-lg border border-accent/35 bg-accent-wash/60 p-3.5">
      <div className="flex items-center gap-3">
        <Badge accent><NodeIcon known={types !== undefined} icon={node?.icon} group="triggers" /></Badge>
        <div className="min-w-0"><p className="text-xs text-accent-text">Starts</p><p className="font-semibold"><TemplateText text={words ?? node?.title ?? codeWords(trigger.type)} /></p></div>
      </div>
      {trigger.when && <div className="mt-2 ml-11.5"><p className="text-xs text-ink-faint">Only if</p><ConditionView condition={trigger.when} /></div>}
      {!words && <Lines lines={linesOf(trigger, node)} className="mt-1.5 ml-11.5" />}
      <Problems problems={problems} className="mt-1.5 ml-11.5" />
    </div>
  );
}

interface StepsProps { steps: readonly Step[]; types: Types; path: string; problems: readonly Problem[]; words: Readonly<Record<string, string>> }

function Steps({ steps, types, path, problems, words }: StepsProps) {
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => <StepRow key={step.id} step={step} types={types} path={`${path}.${index}`} problems={problems} words={words} />)}
    </ol>
  );
}

function StepRow({ step, types, path, problems, words }: { step: Step } & Omit<StepsProps, "steps">) {
  const node = types?.get(step.type);
  const sentence = words[step.id];
  const title = node?.title ?? codeWords(step.type);
  const blocks = blocksOf(step);
  const own = problems.filter((each) => each.path === path || (each.path.startsWith(`${path}.`) && !blocks.some((block) => each.path.startsWith(`${path}.${block.path}.`))));
  return (
    <li className="relative pt-3">
      <span aria-hidden className="absolute top-0 bottom-0 left-[17px] w-px bg-line-strong" />
      <div className={classes("relative flex gap-3", step.disabled && "opacity-60")}>
        <Badge title={title}><NodeIcon known={types !== undefined} icon={node?.icon} group={node?.group} /></Badge>
        <div className="min-w-0 flex-1">
          <p className="break-words">
            <span className="font-medium"><TemplateText text={sentence ?? title} /></span>{" "}
            <code className="mx-1 text-xs whitespace-nowrap text-ink-faint">{step.id}</code>
            {step.disabled && <Pill tone="idle">Disabled</Pill>}
          </p>
          {/* Their order is the catalogue's: shown before it is there, they would change places. */}
          {types && <Lines lines={sentence ? detailsOf(step, node, sentence) : linesOf(step, node)} />}
          {typeof step["note"] === "string" && <p className="mt-0.5 text-sm text-ink-faint italic">{step["note"]}</p>}
          <Problems problems={own} className="mt-0.5" />
        </div>
      </div>
      {blocks.length > 0 && (
        <div className="relative ml-[17px] flex flex-col gap-2.5 pt-3">
          {blocks.map((block) => (
            <div key={block.path} className="ml-5 rounded-lg border border-line bg-sunken/60 px-3 pt-2 pb-3">
              <p className="flex items-start gap-1.5 font-medium text-ink-soft"><CornerDownRight aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />{block.label}</p>
              <Steps steps={block.steps} types={types} path={`${path}.${block.path}`} problems={problems} words={words} />
            </div>
          ))}
        </div>
      )}
    </li>
  );
}

function Problems({ problems, className }: { problems: readonly Problem[]; className?: string }) {
  if (problems.length === 0) return null;
  return (
    <div className={classes("flex flex-col gap-0.5 text-sm", className)}>
      {problems.map((each) => <p key={each.path + each.message} className={each.severity === "warning" ? "text-wait" : "text-bad"}>{problemWords(each)}</p>)}
    </div>
  );
}

function Badge({ accent = false, title, children }: { accent?: boolean; title?: string; children: ReactNode }) {
  return (
    <span title={title} className={classes("z-1 flex size-8.5 shrink-0 items-center justify-center rounded-lg border",
      accent ? "border-transparent bg-accent text-accent-ink" : "border-line-strong bg-surface text-ink-soft shadow-sm")}>
      {children}
    </span>
  );
}

function Lines({ lines, className }: { lines: readonly { name: string; value: string }[]; className?: string }) {
  if (lines.length === 0) return null;
  return (
    <p className={classes("flex flex-wrap gap-x-3 text-ink-soft", className)}>
      {lines.map(({ name, value }) => (
        <span key={name} className="max-w-full min-w-0 truncate"><span className="text-ink-faint">{sentenceCase(name)}{value !== "yes" && ":"}</span> {value !== "yes" && <TemplateText text={value.length > 160 ? `${value.slice(0, 160)}…` : value} />}</span>
      ))}
    </p>
  );
}
