/** The list's own search; `/` jumps here. It reports after a short rest in typing. */
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { Kbd } from "./Kbd";

interface SearchBoxProps { value: string; placeholder: string; onChange: (value: string) => void; restMs?: number }

export function SearchBox({ value, placeholder, onChange, restMs = 180 }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const [lastValue, setLastValue] = useState(value);
  if (value !== lastValue) { setLastValue(value); setTyped(value); }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), restMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange, restMs]);
  return (
    <div className="relative w-full sm:w-64">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
      <input type="search" data-search="" aria-label={placeholder} placeholder={placeholder} value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => { if (event.key === "Escape") { setTyped(""); event.currentTarget.blur(); } }}
        className="control peer border-line-strong shadow-sm !pl-8 [&::-webkit-search-cancel-button]:hidden" />
      <span aria-hidden className="pointer-events-none absolute top-1.5 right-2 hidden peer-focus:hidden sm:block"><Kbd keys="/" /></span>
    </div>
  );
}
