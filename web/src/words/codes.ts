/** Codes of the API as words, where no better title is known. */

/** "contact.stage_changed" as "Contact stage changed". */
export function codeWords(code: string): string {
  const words = code.replace(/[._]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
