import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/api/types";
import { bodyOf, changed, draftOf, moved, problemOf, removed, STARTER, targetsFor, withQuestion } from "./fields";

const custom = [{ key: "plan", name: "Plan", type: "choice" }, { key: "seats", name: "Seats", type: "number" }];
const keys = (questions: readonly { key: string }[]) => questions.map((each) => each.key);

describe("the questions of a form", () => {
  it("are added with a key of their own", () => {
    const two = withQuestion(withQuestion(STARTER.questions, "choice"), "choice");
    expect(keys(two)).toEqual(["name", "email", "message", "choice", "choice_2"]);
    expect(withQuestion([], "email")[0]?.maps_to).toBe("email");
  });

  it("move and go without touching the others", () => {
    expect(keys(moved(STARTER.questions, 2, -1))).toEqual(["name", "message", "email"]);
    expect(moved(STARTER.questions, 0, -1)).toBe(STARTER.questions);
    expect(keys(removed(STARTER.questions, 0))).toEqual(["email", "message"]);
  });

  it("drop what no longer fits when their type changes", () => {
    const asChoice = changed(STARTER.questions, 0, { type: "choice" }, custom, false)[0];
    expect(asChoice).toMatchObject({ key: "name", maps_to: null, options: ["First", "Second"] });
    const asConsent = changed(STARTER.questions, 2, { type: "consent" }, custom, false)[2];
    expect(asConsent?.text).toContain("agree");
  });

  it("take their key from the label only while nobody relies on it", () => {
    expect(changed(STARTER.questions, 2, { label: "What do you need?" }, custom, true)[2]?.key).toBe("what_do_you_need");
    expect(changed(STARTER.questions, 2, { label: "What do you need?" }, custom, false)[2]?.key).toBe("message");
  });

  it("fill only fields that fit", () => {
    expect(targetsFor("choice", custom).map(([field]) => field)).toContain("custom.plan");
    expect(targetsFor("number", custom)).toEqual([["custom.seats", "Seats"]]);
    expect(targetsFor("consent", custom)).toEqual([]);
  });
});

describe("a form", () => {
  it("says what keeps it from being saved", () => {
    expect(problemOf(STARTER)).toBe("Give the form a name.");
    expect(problemOf({ ...STARTER, name: "A" })).toBeNull();
    expect(problemOf({ ...STARTER, name: "A", questions: removed(STARTER.questions, 1) })).toContain("Email");
    expect(problemOf({ ...STARTER, name: "A", questions: changed(STARTER.questions, 2, { type: "choice", options: [" "] }, [], false) })).toContain("options");
  });

  it("comes back from the API as it went", () => {
    const draft = { name: "Contact", settings: { title: "Talk to us" }, questions: withQuestion(withQuestion(STARTER.questions, "choice"), "consent") };
    const body = bodyOf(draft) as { name: string; fields: JsonObject[]; settings: JsonObject };
    expect(draftOf(body)).toEqual(draft);
  });
});
