/** Counts, shares and money as people read them. */
import type { Money } from "@/api/types";

const grouped = new Intl.NumberFormat("en");

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : grouped.format(value);
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${grouped.format(value)} ${value === 1 ? one : many}`;
}

/** A share between 0 and 1 as a percentage; never "100%" for less than all. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const percent = value * 100;
  if (percent > 99.9 && percent < 100) return "99.9%";
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1).replace(/\.0$/, "")}%`;
}

/** "€1,200" or "€1,200.50": the cents only where there are some, exactly as texts of workflows print it. */
export function money(value: Money | null | undefined): string {
  if (!value) return "–";
  const amount = Number(value.amount);
  try {
    return new Intl.NumberFormat("en", {
      style: "currency", currency: value.currency, ...(Number.isInteger(amount) ? { maximumFractionDigits: 0 } : {}),
    }).format(amount);
  } catch {
    return `${value.amount} ${value.currency}`;
  }
}

/** The same for narrow columns: from a billion on "€123.5B", because a number that is cut off reads as another one. */
export function shortMoney(value: Money | null | undefined): string {
  if (!value || Math.abs(Number(value.amount)) < 1e9) return money(value);
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency: value.currency, notation: "compact", maximumFractionDigits: 1 }).format(Number(value.amount));
  } catch {
    return money(value);
  }
}

export function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}
