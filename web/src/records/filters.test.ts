import { describe, expect, it } from "vitest";
import { askedFilter, isNarrowed, listSearch, strangers, valueIn, withoutPart, withValue } from "./filters";

const stage = { field: "contact.lifecycle_stage", op: "eq" };
const score = { field: "contact.lead_score", op: "gte" };
const linked = { any: [{ field: "contact.country", op: "eq", value: "DE" }, { field: "contact.country", op: "eq", value: "AT" }] };

describe("the filter of a list", () => {
  it("is built clause by clause, and nothing is left when all are taken away", () => {
    const one = withValue(undefined, stage, "lead");
    const two = withValue(one, score, 50);
    expect(two).toEqual({ all: [{ ...stage, value: "lead" }, { ...score, value: 50 }] });
    expect(valueIn(two, score)).toBe(50);
    expect(withValue(withValue(two, stage, undefined), score, undefined)).toBeUndefined();
  });

  it("replaces a clause instead of adding it twice", () => {
    expect(withValue(withValue(undefined, score, 10), score, 20)).toEqual({ all: [{ ...score, value: 20 }] });
  });

  it("keeps a linked condition that no simple filter knows, and can drop it", () => {
    const both = withValue(linked, stage, "lead");
    expect(strangers(both, [stage, score])).toEqual([linked]);
    expect(withoutPart(both, linked)).toEqual({ all: [{ ...stage, value: "lead" }] });
  });

  it("comes back from the address as it went in, and nonsense is dropped", () => {
    const filter = withValue(linked, stage, "lead");
    expect(listSearch(JSON.parse(JSON.stringify({ q: "ada", filter, sort: "-lead_score" })))).toEqual({ q: "ada", filter, sort: "-lead_score" });
    expect(listSearch({ q: 7, filter: [1], sort: "drop table" })).toEqual({ q: "7" });
  });

  it("asks for every word in some field", () => {
    const fields = ["contact.first_name", "contact.email"];
    expect(askedFilter({}, fields)).toBeUndefined();
    expect(JSON.parse(askedFilter({ q: " ada love", filter: { ...stage, value: "lead" } }, fields) ?? "")).toEqual({
      all: [
        { ...stage, value: "lead" },
        { any: [{ field: "contact.first_name", op: "contains", value: "ada" }, { field: "contact.email", op: "contains", value: "ada" }] },
        { any: [{ field: "contact.first_name", op: "contains", value: "love" }, { field: "contact.email", op: "contains", value: "love" }] },
      ],
    });
  });

  it("narrows only with words or clauses", () => {
    expect(isNarrowed({ sort: "name" })).toBe(false);
    expect(isNarrowed({ q: "a" })).toBe(true);
  });
});
