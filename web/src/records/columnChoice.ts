/** Which columns of a table a person has hidden; kept in this browser, per table. */
import { useState } from "react";

type Hidden = Readonly<Record<string, boolean>>;

export function useHiddenColumns(table: string, usual: Hidden = {}): [Hidden, (column: string, shown: boolean) => void] {
  const key = `cuework.columns.${table}`;
  const [hidden, setHidden] = useState<Hidden>(() => read(key) ?? usual);
  const change = (column: string, shown: boolean) => {
    const next = { ...hidden, [column]: !shown };
    setHidden(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Without storage the choice holds until the page is left, which is better than none.
    }
  };
  return [hidden, change];
}

function read(key: string): Hidden | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof kept === "object" ? (kept as Hidden | null) : null;
  } catch {
    return null;
  }
}
