import { describe, expect, it } from "vitest";
import { asText } from "./edited";

describe("what is typed", () => {
  it("is as before once it is taken back, also where nothing was there", () => {
    expect(asText({ name: "", tags: [] })).toBe(asText({ name: null, tags: [] }));
    expect(asText(["", false, null])).toBe(asText([null, false, ""]));
  });

  it("is another with every word, tick and order", () => {
    const before = asText({ name: "Lin", on: false, stages: ["a", "b"] });
    for (const now of [{ name: "Lina", on: false, stages: ["a", "b"] }, { name: "Lin", on: true, stages: ["a", "b"] }, { name: "Lin", on: false, stages: ["b", "a"] }]) {
      expect(asText(now)).not.toBe(before);
    }
  });
});
