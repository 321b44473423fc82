/** Editing the draft as YAML. Nothing is lost by leaving unawares, nor by two people saving at once. */
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { queryClient } from "@/api/client";
import { api } from "@/api/request";
import { useMay } from "@/api/session";
import { useNodeTypes } from "@/nodes/queries";
import { AskBeforeLeaving } from "@/ui/AskBeforeLeaving";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { plural } from "@/words/numbers";
import { placesOf } from "./diagnostics";
import { ProblemList } from "./ProblemList";
import { PublishDialog } from "./PublishDialog";
import { useSaveYaml, useWorkflow, useYaml, validateYaml, workflowKey } from "./queries";
import type { CheckedWorkflow, Problem } from "./types";
import { YamlEditor } from "./YamlEditor";

export function YamlTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { data: workflow } = useWorkflow(workflowId);
  const source = useYaml(workflowId, workflow?.revision);
  if (source.error) return <Failure error={source.error} onRetry={() => void source.refetch()} />;
  if (!workflow || source.data === undefined) return <SkeletonRows rows={6} />;
  return <Editing key={workflowId} workflow={workflow} saved={source.data} />;
}

function Editing({ workflow, saved }: { workflow: CheckedWorkflow; saved: string }) {
  const may = useMay("manager");
  const { data: types } = useNodeTypes();
  const [base, setBase] = useState({ text: saved, revision: workflow.revision });
  const [text, setText] = useState(saved);
  const [found, setFound] = useState<readonly Problem[] | null>(null);
  const errors = found?.filter((each) => each.severity !== "warning").length ?? 0;
  const [publishing, setPublishing] = useState(false);
  const [goTo, setGoTo] = useState<{ line: number } | null>(null);
  const save = useSaveYaml(workflow.id);
  const dirty = text !== base.text;
  if (!dirty && saved !== base.text) { setBase({ text: saved, revision: workflow.revision }); setText(saved); }
  const nodes = useMemo(() => [...(types?.values() ?? [])].map(({ type, title, docs }) => ({ type, title, docs })), [types]);

  const store = (revision: number) => save.mutate({ text, revision }, {
    onSuccess: (next) => { queryClient.setQueryData(workflowKey(workflow.id), next); setBase({ text, revision: next.revision }); },
  });
  const check = async (typed: string) => {
    if (!may) { setFound(workflow.problems ?? []); return []; }
    const answer = await validateYaml(typed).catch((error: unknown) => ({ problems: error instanceof ApiError ? [...error.errors] as Problem[] : [] }));
    const problems = answer.problems ?? [];
    setFound(problems);
    return placesOf(problems, typed);
  };
  const fresh = () => queryClient.fetchQuery({ queryKey: workflowKey(workflow.id), queryFn: () => api.get<CheckedWorkflow>(`/workflows/${workflow.id}`), staleTime: 0 });
  const theirs = () => { save.reset(); setText(base.text); void fresh(); };
  const mine = () => void fresh().then((now) => store(now.revision));

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 flex-wrap items-center gap-2.5 border-b border-line px-4 py-1.5 sm:px-6">
        <p role="status" className="min-w-0 flex-1 text-ink-soft">
          {found === null ? "Checking…" : errors > 0 ? <span className="text-bad">{plural(errors, "problem")}, marked at the line</span> : <span className="text-ok">No problems found</span>}
          {found !== null && found.length > errors && <span className="text-wait">{errors > 0 ? ", " : ", but "}{plural(found.length - errors, "warning")}</span>}
          {dirty && <span className="text-ink-faint"> · not saved</span>}
        </p>
        {may && <>
          <span className="hidden sm:inline"><Kbd keys="Ctrl S" /></span>
          <Button disabled={!dirty} busy={save.isPending} onClick={() => store(base.revision)}>Save draft</Button>
          <Button look="primary" disabled={dirty || errors > 0 || !(workflow.has_unpublished_changes || workflow.published_version === null)} onClick={() => setPublishing(true)}>Publish…</Button>
        </>}
      </div>
      {save.error && <div className="px-4 pt-3 sm:px-6"><SaveFailure error={save.error} onTheirs={theirs} onMine={mine} /></div>}
      {!may && <div className="px-4 pt-3 sm:px-6"><Notice tone="live">You may read this. Managers and above may change it.</Notice></div>}
      <YamlEditor text={text} readOnly={!may} nodes={nodes} onChange={setText} onSave={() => { if (dirty && may) store(base.revision); }} check={check} goTo={goTo} />
      <ProblemList problems={found ?? []} onGo={(line) => setGoTo({ line })} />
      {publishing && <PublishDialog workflow={workflow} onClose={() => setPublishing(false)} />}
      <AskBeforeLeaving unsaved={dirty}>The draft has changes that are not saved.</AskBeforeLeaving>
    </div>
  );
}

function SaveFailure({ error, onTheirs, onMine }: { error: unknown; onTheirs: () => void; onMine: () => void }) {
  if (error instanceof ApiError && error.status === 412) {
    return (
      <Notice tone="wait" title="Somebody else saved this workflow meanwhile" action={<span className="flex gap-2"><Button size="sm" onClick={onTheirs}>Take theirs</Button><Button size="sm" onClick={onMine}>Keep mine</Button></span>}>
        Take theirs to see it and lose what you typed, or keep yours and replace it.
      </Notice>
    );
  }
  return <Notice title="The draft was not saved">{messageOf(error)}</Notice>;
}
