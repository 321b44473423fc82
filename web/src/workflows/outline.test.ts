import { describe, expect, it } from "vitest";
import { blocksOf, detailsOf, linesOf, stepCount } from "./outline";
import type { NodeType, Step } from "./types";

const branch: Step = {
  id: "hot", type: "flow.branch",
  cases: [{ when: { all: [{ field: "contact.lead_score", op: "gte", value: 50 }] }, steps: [{ id: "call", type: "task.create", title: "Call" }] }],
  otherwise: [{ id: "mail", type: "email.send" }],
};

describe("the outline of a definition", () => {
  it("finds the blocks of a branch and says when each is taken", () => {
    expect(blocksOf(branch).map(({ label, path }) => [label, path])).toEqual([
      ["If contact lead score is at least 50", "cases.0.steps"], ["Otherwise", "otherwise"],
    ]);
  });

  it("finds blocks in any field of any type", () => {
    const step: Step = { id: "w", type: "some.future_type", timeout: { after: "3 days", steps: [{ id: "a", type: "b.c" }] }, on_error: { steps: [{ id: "d", type: "e.f" }] } };
    expect(blocksOf(step).map(({ label }) => label)).toEqual(["Timeout after 3 days", "If it fails"]);
  });

  it("says the other fields in the order and with the names of the schema", () => {
    const node: NodeType = {
      type: "task.create", kind: "change", group: "tasks", title: "Create task", icon: "check", summary: "", docs: "", sample: {}, exits: ["next"], output: null, works_on: [],
      schema: { properties: { title: { title: "Title" }, assign_to: { title: "Assign to" } } },
    };
    const step: Step = { id: "t", type: "task.create", assign_to: { team: "sales" }, title: "Welcome", disabled: true };
    expect(linesOf(step, node)).toEqual([{ name: "title", value: "Welcome" }, { name: "assign to", value: "team sales" }]);
  });

  it("says beside a step's sentence only what that does not tell", () => {
    const step: Step = { id: "t", type: "task.create", assign_to: { team: "sales" }, title: "Welcome", description: "Say hello" };
    expect(detailsOf(step, undefined, "Create the task “Welcome” for the team sales")).toEqual([{ name: "description", value: "Say hello" }]);
  });

  it("counts steps inside blocks", () => {
    expect(stepCount({ steps: [branch, { id: "x", type: "y.z" }] })).toBe(4);
  });
});
