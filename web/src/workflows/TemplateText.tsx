/** Text of a step, with its variables marked. */
import { pathWords } from "@/words/values";

export function TemplateText({ text }: { text: string }) {
  return (
    <>
      {text.split(/(\{\{.*?\}\})/g).map((part, index) => {
        const variable = /^\{\{\s*(.*?)\s*\}\}$/.exec(part)?.[1];
        if (!variable) return part;
        return <span key={index} title={part} className="rounded-sm bg-accent-wash px-1 text-accent-text">{variable.split(/ or /).map((each) => (/^[a-z_][\w.]*$/.test(each.trim()) ? pathWords(each.trim()) : each)).join(" or ")}</span>;
      })}
    </>
  );
}
