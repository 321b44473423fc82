/** Keys as caps: `keys="g w"` draws two. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      {keys.split(" ").map((key) => (
        <kbd key={key} className="min-w-4.5 rounded-sm border border-line-strong bg-surface px-1 text-center font-sans text-xs leading-4 text-ink-soft">{key}</kbd>
      ))}
    </span>
  );
}
