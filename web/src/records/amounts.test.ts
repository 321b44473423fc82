import { describe, expect, it } from "vitest";
import { digitsOf, readAmount, typedAmount } from "./amounts";

describe("a typed amount", () => {
  it.each([
    ["1200", "1200.00"], ["1,200", "1200.00"], ["1.200", "1200.00"], ["1,200.5", "1200.50"], ["1.200,50", "1200.50"],
    ["1 200,5", "1200.50"], ["€ 48’000", "48000.00"], ["1,234,567.89", "1234567.89"], ["0.5", "0.50"], [".5", "0.50"], ["-12", "-12.00"], ["007", "7.00"],
  ])("%s is %s", (typed, amount) => expect(readAmount(typed)).toBe(amount));

  it("of nothing is none", () => expect([readAmount(""), readAmount("  €")]).toEqual([null, null]));

  it.each(["abc", "12x", "1,2,3", "1.2.3,4", "12.345,678", "1,20,000", "--5"])("%s is no amount", (typed) => expect(readAmount(typed)).toBeUndefined());

  it("keeps to the digits of its currency", () => {
    expect(digitsOf("JPY")).toBe(0);
    expect(readAmount("1,200", "JPY")).toBe("1200");
    expect(readAmount("12.5", "JPY")).toBeUndefined();
    expect(readAmount("1.2345", "EUR")).toBeUndefined();
  });

  it("stands in its field without empty cents", () => expect([typedAmount("1200.00"), typedAmount("0.50")]).toEqual(["1200", "0.50"]));
});
