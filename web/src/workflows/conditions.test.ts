import { describe, expect, it } from "vitest";
import { conditionWords } from "./conditions";

describe("a condition in words", () => {
  it("says field, operator and value", () => {
    expect(conditionWords({ field: "contact.lead_score", op: "gte", value: 50 })).toBe("contact lead score is at least 50");
  });

  it("writes money as people do", () => {
    expect(conditionWords({ all: [{ field: "deal.value", op: "gt", value: { amount: "50.00", currency: "EUR" } }] })).toBe("deal value is more than €50");
  });

  it("joins all with and, any with or, and brackets groups inside groups", () => {
    expect(conditionWords({ all: [
      { field: "deal.value", op: "known" },
      { any: [{ field: "contact.country", op: "in", value: ["DE", "AT"] }, { field: "company.domain", op: "unknown" }] },
    ] })).toBe("deal value is known and (contact country is one of DE, AT or company domain is unknown)");
  });

  it("turns none around", () => {
    expect(conditionWords({ none: [{ field: "contact.tags", op: "any_of", value: ["vip"] }] })).toBe("not contact tags have any of vip");
    expect(conditionWords({ none: [{ field: "a.b", op: "known" }, { field: "a.c", op: "changed" }] })).toBe("none of: a b is known; a c changed");
  });

  it("reads two parts of one group together", () => {
    expect(conditionWords({ all: [{ field: "a.b", op: "known" }], any: [{ field: "a.c", op: "eq", value: true }, { field: "a.d", op: "eq", value: "x y" }] }))
      .toBe("a b is known and a c is yes or a d is “x y”");
  });

  it("names both ends of a range and leaves custom out of names", () => {
    expect(conditionWords({ field: "contact.custom.seats", op: "between", value: [5, 10] })).toBe("contact seats is between 5 and 10");
  });

  it("says that an empty group is always or never true", () => {
    expect(conditionWords({ all: [] })).toBe("always");
    expect(conditionWords({ any: [] })).toBe("never");
  });

  it("shows expressions and unknown operators as they are", () => {
    expect(conditionWords({ expression: "deal.value > 3" })).toBe("deal.value > 3");
    expect(conditionWords({ field: "a.b", op: "sounds_like", value: "x" })).toBe("a b sounds like x");
  });
});
