import { describe, expect, it } from "vitest";
import { subjectOf } from "./subject";
import type { NodeType } from "./types";

const types = new Map([
  ["deal.created", { type: "deal.created", record_type: "deal" }],
  ["webhook.received", { type: "webhook.received", record_type: null }],
  ["manual", { type: "manual", record_type: null }],
] as unknown as [string, NodeType][]);

describe("what a workflow is about", () => {
  it("is what its trigger is about", () => {
    expect(subjectOf({ trigger: { type: "deal.created" } }, types)).toBe("deal");
  });

  it("is what the definition says where the trigger leaves it open", () => {
    expect(subjectOf({ trigger: { type: "manual", record_type: "company" } }, types)).toBe("company");
  });

  it("is open where nothing says it", () => {
    expect([subjectOf({ trigger: { type: "webhook.received" } }, types), subjectOf({ trigger: { type: "gone" } }, types), subjectOf({}, types)]).toEqual([null, null, null]);
  });
});
