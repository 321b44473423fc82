/** Whether a form holds something that is not saved. */
import { useState } from "react";

/** True while what is typed differs from what the form began with; typed back, it is false again. */
export function useEdited(typed: unknown): boolean {
  const now = asText(typed);
  const [first] = useState(now);
  return now !== first;
}

/** A field that was emptied again is as empty as one that never had anything. */
export function asText(typed: unknown): string {
  return JSON.stringify(typed, (_key, value: unknown) => (value === "" ? null : value));
}
