/** Amounts of money as people type them, to the API's plain decimal. Pure. */

const DIGITS = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

/** How many digits a currency has after the point. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return DIGITS.resolvedOptions().maximumFractionDigits ?? 2;
  }
}

/**
 * "1,200.50", "1.200,50", "1 200" or "€ 1200" as "1200.50"; null for blank, undefined where it is no amount.
 * A single separator before exactly three digits groups thousands, as no currency here shows three of less.
 */
export function readAmount(typed: string, currency = "EUR"): string | null | undefined {
  const text = typed.replace(/[\s\u00a0\u202f'’]/g, "").replace(/^([-+]?)\p{Sc}/u, "$1").replace(/\p{Sc}$/u, "");
  if (text === "") return null;
  if (!/^[-+]?[\d.,]*\d[\d.,]*$/.test(text)) return undefined;
  const digits = digitsOf(currency);
  const point = decimalPoint(text, digits);
  const whole = point < 0 ? text : text.slice(0, point);
  const rest = point < 0 ? "" : text.slice(point + 1);
  if (!isGrouped(whole) || !/^\d*$/.test(rest) || rest.length > digits) return undefined;
  const figures = whole.replace(/[.,+]/g, "").replace(/^(-?)0+(?=\d)/, "$1");
  const full = figures === "" || figures === "-" ? `${figures}0` : figures;
  return digits === 0 ? full : `${full}.${rest.padEnd(digits, "0")}`;
}

/** An amount of the API as it stands in a field: without a fraction of nothing. */
export function typedAmount(amount: string): string {
  return amount.replace(/\.0+$/, "");
}

function decimalPoint(text: string, digits: number): number {
  const at = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (at < 0) return -1;
  const sign = text[at] ?? "";
  const after = text.length - at - 1;
  if (text.indexOf(sign) !== at) return -1;
  const other = text.includes(sign === "." ? "," : ".");
  return after === 3 && !other && digits < 3 ? -1 : at;
}

function isGrouped(whole: string): boolean {
  return /^[-+]?\d*$/.test(whole) || /^[-+]?\d{1,3}([.,]\d{3})(\d{0}|([.,]\d{3})*)$/.test(whole);
}
