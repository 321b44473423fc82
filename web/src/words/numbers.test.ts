import { describe, expect, it } from "vitest";
import { count, money, plural, share, shortMoney } from "./numbers";
import { pathWords, valueWords } from "./values";

describe("figures", () => {
  it("group thousands and agree in number", () => {
    expect(count(18234)).toBe("18,234");
    expect(plural(1, "step")).toBe("1 step");
    expect(plural(2, "company", "companies")).toBe("2 companies");
  });

  it("never round a share up to all", () => {
    expect(share(0.99999)).toBe("99.9%");
    expect(share(1)).toBe("100%");
    expect(share(0)).toBe("0%");
    expect(share(0.5)).toBe("50%");
    expect(share(null)).toBe("–");
  });

  it("shorten money that would be cut off in a column", () => {
    expect(shortMoney({ amount: "999999999.50", currency: "EUR" })).toBe("€999,999,999.50");
    expect(shortMoney({ amount: "123456789012.34", currency: "EUR" })).toBe("€123.5B");
    expect(shortMoney(null)).toBe("–");
  });

  it("write money with its currency, cents only where there are some", () => {
    expect(money({ amount: "1200.00", currency: "EUR" })).toBe("€1,200");
    expect(money({ amount: "1.234", currency: "KWD" })).toBe("KWD\u00a01.234");
    expect(money({ amount: "-1200.50", currency: "CAD" })).toBe("-CA$1,200.50");
    expect(money({ amount: "0.50", currency: "USD" })).toBe("$0.50");
    expect(money({ amount: "5", currency: "not a currency" })).toBe("5 not a currency");
  });
});

describe("values", () => {
  it("say nothing for blanks and yes or no for truth", () => {
    expect([null, "", [], {}].map(valueWords)).toEqual(["nothing", "nothing", "nothing", "nothing"]);
    expect([true, false].map(valueWords)).toEqual(["yes", "no"]);
  });

  it("join lists and name the parts of objects", () => {
    expect(valueWords(["a", 2])).toBe("a, 2");
    expect(valueWords({ team: "sales", by: "round_robin" })).toBe("team sales, by round_robin");
  });

  it("turn a path into words", () => expect(pathWords("deal.contact.custom.plan_name")).toBe("deal contact plan name"));
});
