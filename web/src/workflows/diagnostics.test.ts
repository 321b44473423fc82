import { describe, expect, it } from "vitest";
import { placesOf, problemWords } from "./diagnostics";
import type { Problem } from "./types";

const text = "name: Welcome\nsteps:\n  - type: contact.add_tagg\n";

const wrong = (problem: Omit<Problem, "severity">): Problem => ({ severity: "error", ...problem });

describe("problems in the text of a definition", () => {
  it("underlines the word the message quotes, and knows the right one", () => {
    const [place] = placesOf([wrong({ path: "steps.0.type", message: "There is no step type “contact.add_tagg”.", line: 3, column: 5, suggestion: "contact.add_tag" })], text);
    expect(text.slice(place?.from, place?.to)).toBe("contact.add_tagg");
    expect(place?.correction).toBe("contact.add_tag");
    expect(place?.message).toBe("There is no step type “contact.add_tagg”. Did you mean “contact.add_tag”?");
  });

  it("underlines from the column to the end of the line where the word is not there", () => {
    const [place] = placesOf([wrong({ path: "steps.0.tag", message: "“tag:” is missing.", line: 3, column: 5 })], text);
    expect(text.slice(place?.from, place?.to)).toBe("type: contact.add_tagg");
    expect(place?.correction).toBeNull();
  });

  it("begins after the indent where no column is known", () => {
    const [place] = placesOf([wrong({ path: "steps.0", message: "?", line: 3 })], text);
    expect(text.slice(place?.from, place?.to)).toBe("- type: contact.add_tagg");
  });

  it("names the path where no line is known", () => {
    const [place] = placesOf([wrong({ path: "trigger", message: "It is missing." })], text);
    expect(place).toMatchObject({ from: 0, to: 13, message: "trigger: It is missing." });
  });

  it("stays inside the text whatever the line says", () => {
    const [place] = placesOf([wrong({ path: "", message: "?", line: 99, column: 40 })], text);
    expect(place?.from).toBeLessThanOrEqual(text.length);
    expect(place?.to).toBeLessThanOrEqual(text.length);
    expect(placesOf([wrong({ path: "", message: "?", line: 1, column: 1 })], "")[0]).toMatchObject({ from: 0, to: 0 });
  });

  it("makes a sentence of a longer suggestion", () => {
    expect(problemWords({ message: "There is no team “nobody”.", suggestion: "there are: sales" })).toBe("There is no team “nobody”. There are: sales.");
  });
});
