/** The text editor for definitions: problems at their line as one types, step types suggested, Ctrl S saves. */
import { autocompletion, closeBrackets, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, lintKeymap, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useEffectEvent, useRef } from "react";
import type { Place } from "./diagnostics";

export interface NodeSuggestion { type: string; title: string; docs?: string | null | undefined }

interface YamlEditorProps {
  text: string;
  readOnly: boolean;
  nodes: readonly NodeSuggestion[];
  onChange: (text: string) => void;
  onSave: () => void;
  check: (text: string) => Promise<Place[]>;
  /** A line to go to; a new object goes there again. */
  goTo?: { line: number } | null;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-text)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--wait)" },
  { tag: tags.comment, color: "var(--ink-faint)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--ink-faint)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-faint)", border: "none", paddingLeft: "6px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in oklab, var(--accent) 24%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)", borderRadius: "8px", overflow: "hidden", boxShadow: "var(--shadow-pop)", fontFamily: "var(--font-sans)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-diagnostic": { padding: "6px 10px", borderLeftWidth: "3px", maxWidth: "30rem" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)" },
});

export function YamlEditor({ text, readOnly, nodes, onChange, onSave, check, goTo }: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);
  const checked = useEffectEvent(check);
  const complete = useEffectEvent((context: CompletionContext) => stepTypes(context, nodes));
  const firstText = useEffectEvent(() => text);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: firstText(),
        extensions: [
          lineNumbers(), foldGutter(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
          yaml(), indentUnit.of("  "), syntaxHighlighting(colours), look, lintGutter(), EditorState.readOnly.of(readOnly), EditorView.lineWrapping,
          autocompletion({ override: [(context) => complete(context)] }),
          linter(async (target) => diagnosticsOf(await checked(target.state.doc.toString()), target.state.doc.length), { delay: 350 }),
          keymap.of([{ key: "Mod-s", preventDefault: true, run: () => { save(); return true; } }, ...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "Definition as YAML. Press Escape, then Tab, to leave." }),
          EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
        ],
      }),
    });
    view.current = editor;
    return () => { view.current = null; editor.destroy(); };
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const line = editor.state.doc.line(Math.min(goTo.line, editor.state.doc.lines));
    editor.dispatch({ selection: { anchor: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    editor.focus();
  }, [goTo]);

  return <div ref={host} className="min-h-0 flex-1 overflow-hidden" />;
}

function diagnosticsOf(places: readonly Place[], length: number): Diagnostic[] {
  return places.map(({ from, to, message, severity, correction }) => ({
    from: Math.min(from, length), to: Math.min(to, length), severity, message,
    ...(correction === null ? {} : { actions: [{ name: `Use ${correction}`, apply: (view: EditorView, start: number, end: number) => view.dispatch({ changes: { from: start, to: end, insert: correction } }) }] }),
  }));
}

function stepTypes(context: CompletionContext, nodes: readonly NodeSuggestion[]): CompletionResult | null {
  const word = context.matchBefore(/type:\s*[\w.]*/);
  if (!word) return null;
  const typed = /[\w.]*$/.exec(word.text)?.[0] ?? "";
  return {
    from: word.to - typed.length,
    options: nodes.map(({ type, title, docs }) => ({ label: type, detail: title, type: "type", ...(docs ? { info: docs } : {}) })),
    validFor: /^[\w.]*$/,
  };
}
