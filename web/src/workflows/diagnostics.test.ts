import { describe, expect, it } from "vitest";
import { placesOf } from "./diagnostics";

const text = "name: Welcome\nsteps:\n  - type: contact.add_tagg\n";

describe("problems in the text of a definition", () => {
  it("underlines from the column to the end of the line", () => {
    const [place] = placesOf([{ path: "steps.0.type", message: "No such type.", line: 3, column: 5, suggestion: "contact.add_tag" }], text);
    expect(text.slice(place?.from, place?.to)).toBe("type: contact.add_tagg");
    expect(place?.suggestion).toBe("contact.add_tag");
  });

  it("begins after the indent where no column is known", () => {
    const [place] = placesOf([{ path: "steps.0", message: "?", line: 3 }], text);
    expect(text.slice(place?.from, place?.to)).toBe("- type: contact.add_tagg");
  });

  it("names the path where no line is known", () => {
    const [place] = placesOf([{ path: "trigger", message: "It is missing." }], text);
    expect(place).toMatchObject({ from: 0, to: 13, message: "trigger: It is missing." });
  });

  it("stays inside the text whatever the line says", () => {
    const [place] = placesOf([{ path: "", message: "?", line: 99, column: 40 }], text);
    expect(place?.from).toBeLessThanOrEqual(text.length);
    expect(place?.to).toBeLessThanOrEqual(text.length);
    expect(placesOf([{ path: "", message: "?", line: 1, column: 1 }], "")[0]).toMatchObject({ from: 0, to: 0 });
  });
});
