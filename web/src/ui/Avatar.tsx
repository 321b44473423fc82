/** A person's initials in a quiet hue that stays the same for the same name. */
import { classes } from "./classes";

export function initialsOf(name: string): string {
  const words = name.replace(/@.*/, "").split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => word?.[0] ?? "").join("").toUpperCase() || "?";
}

function hueOf(name: string): number {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}

export function Avatar({ name, size = "md" }: { name: string; size?: "sm" | "md" | "lg" }) {
  const hue = hueOf(name);
  return (
    <span aria-hidden style={{ background: `oklch(0.62 0.07 ${hue} / 0.22)`, color: `color-mix(in oklab, oklch(0.5 0.1 ${hue}) 45%, var(--ink))` }}
      className={classes("inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none",
        size === "sm" ? "size-5 text-[9px]" : size === "md" ? "size-6.5 text-[10.5px]" : "size-10 text-lg")}>
      {initialsOf(name)}
    </span>
  );
}
