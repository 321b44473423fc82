import { describe, expect, it } from "vitest";
import type { CustomField } from "@/api/types";
import { bodyOf, choicesOf, collisions, draftOf, fieldsOf, labelOf } from "./fields";

const kept = { position: 0, revision: 1, created_at: "2026-11-22T12:00:00Z", updated_at: "2026-11-22T12:00:00Z" };
const custom: CustomField[] = [
  { ...kept, id: "1", record_type: "contact", key: "plan", name: "Plan", type: "choice", options: ["Free", "Pro"] },
  { ...kept, id: "2", record_type: "contact", key: "budget", name: "Budget", type: "money", options: [] },
  { ...kept, id: "3", record_type: "deal", key: "note", name: "Note", type: "long_text", options: [] },
];
const contact = fieldsOf("contact", custom);
const ada = { first_name: "Ada", last_name: null, email: "ada@x.test", lead_score: 30, tags: ["vip"], email_consent: "unknown", custom: { plan: "Pro" } };

describe("the form of a record", () => {
  it("asks the standard fields and the account's own of that type", () => {
    expect(contact.map((each) => each.key)).toContain("custom.plan");
    expect(contact.map((each) => each.key)).not.toContain("custom.note");
    expect(labelOf("contact", "custom.plan", custom)).toBe("Plan");
    expect(labelOf("contact", "completed_at")).toBe("Completed at");
  });

  it("offers a choice that was taken away to the record that holds it, and sends it for nobody", () => {
    const plan = contact.find((each) => each.key === "custom.plan");
    if (!plan) throw new Error("the field is asked");
    expect(choicesOf(plan, ["Gold"]).map(([value]) => value)).toEqual(["Free", "Pro", "Gold"]);
    expect(choicesOf(plan, ["Pro"])).toEqual(plan.options);
    expect(choicesOf(plan, [""])).toEqual(plan.options);
    const before = draftOf(contact, { ...ada, custom: { plan: "Gold" } });
    expect(bodyOf(contact, { ...before, last_name: "Lovelace" }, before).body).toEqual({ last_name: "Lovelace" });
  });

  it("sends what was changed only, custom fields apart", () => {
    const before = draftOf(contact, ada);
    expect(bodyOf(contact, before, before)).toEqual({ body: {}, problems: {} });
    const draft = { ...before, last_name: " Lovelace ", "custom.budget": { typed: "1,200", currency: "EUR" }, "custom.plan": "" };
    expect(bodyOf(contact, draft, before).body).toEqual({ last_name: "Lovelace", custom: { plan: null, budget: { amount: "1200.00", currency: "EUR" } } });
  });

  it("leaves blanks out of a new record and keeps what it was opened with", () => {
    const deal = fieldsOf("deal", custom);
    const draft = { ...draftOf(deal, null, { contact_id: "c1" }, "USD"), name: "Pilot" };
    expect(bodyOf(deal, draft, null)).toEqual({ body: { name: "Pilot", contact_id: "c1", status: "open" }, problems: {} });
  });

  it("holds and sends a tag that is typed and not yet entered, once", () => {
    const before = draftOf(contact, ada);
    const typing = (typed: string) => bodyOf(contact, { ...before, tags: { tags: ["vip"], typed } }, before).body;
    expect(typing(" fair ")).toEqual({ tags: ["vip", "fair"] });
    expect(typing("vip")).toEqual({ tags: ["vip"] });
    expect(bodyOf(contact, draftOf(contact, null), null).body["tags"]).toEqual([]);
  });

  it("says at the field what cannot be sent", () => {
    const before = draftOf(contact, ada);
    const draft = { ...before, lead_score: "1.5", "custom.budget": { typed: "much", currency: "EUR" }, email_consent: null };
    const { problems } = bodyOf(contact, draft, before);
    expect(Object.keys(problems).sort()).toEqual(["custom.budget", "email_consent", "lead_score"]);
    expect(bodyOf(fieldsOf("company"), draftOf(fieldsOf("company"), null), null).problems["name"]).toBe("This cannot be empty.");
  });

  it("finds the fields that two people changed", () => {
    const before = draftOf(contact, ada);
    const draft = { ...before, first_name: "Augusta", last_name: "King" };
    const fresh = { ...ada, first_name: "A.", lead_score: 50 };
    expect(collisions(contact, draft, before, ada, fresh).map((each) => each.key)).toEqual(["first_name"]);
  });
});
