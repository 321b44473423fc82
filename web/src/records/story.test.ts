import { describe, expect, it } from "vitest";
import { valueWords } from "@/words/values";
import { actorWords, byDay, changeWords, formOf, headline, kindOf, scoreChanges } from "./story";
import type { HistoryEntry } from "./types";

const by = { id: "e1", workflow_id: "w1", workflow_name: "Welcome" };
const entry = (more: Partial<HistoryEntry>): HistoryEntry => ({
  id: "1", kind: "event", type: "contact.updated", at: "2026-11-22T10:00:00Z", actor: null, execution: null, text: null, changes: [], more: {}, ...more,
});
const telling = { labelOf: (field: string) => field.replace(/_/g, " "), valueOf: (field: string, value: Parameters<typeof valueWords>[0]) => (field === "owner_id" ? "Marta" : valueWords(value)) };

describe("the history of a record", () => {
  it("names each thing that happened", () => {
    expect(headline(entry({ type: "contact.created" }), "contact")).toBe("Contact created");
    expect(headline(entry({ changes: [{ field: "tags", old: [], new: ["a"] }] }), "contact")).toBe("Tags changed");
    expect(headline(entry({ kind: "execution", type: "contact.created", execution: by, more: { status: "waiting" } }), "contact")).toBe("Waits in Welcome");
    expect(headline(entry({ kind: "message", type: "email", more: { recipient: "a@x.test", direction: "out" } }), "contact")).toBe("Email to a@x.test");
    expect(headline(entry({ kind: "task", type: "task.created", more: { title: "Call" } }), "contact")).toBe("Task “Call” created");
    expect(headline(entry({ kind: "activity", type: "site_visit" }), "contact")).toBe("Site visit");
    expect(headline(entry({ type: "deal.updated", changes: [{ field: "stage_id", old: "a", new: "b" }] }), "deal")).toBe("Stage changed");
  });

  it("sorts entries by kind", () => {
    expect(kindOf(entry({ type: "form.submitted" }))).toBe("form");
    expect(kindOf(entry({ type: "contact.deleted" }))).toBe("removed");
    expect(kindOf(entry({ kind: "execution" }))).toBe("workflow");
  });

  it("says who did it, but leaves a workflow's doing to the link to its execution", () => {
    expect(actorWords(entry({ actor: { type: "user", id: "u", name: "Ada" } }))).toBe("by Ada");
    expect(actorWords(entry({ actor: { type: "api_key", id: "k", name: "Import" } }))).toBe("through the API (key Import)");
    expect(actorWords(entry({ actor: { type: "form", id: "f", name: null } }))).toBe("through a form");
    expect(actorWords(entry({ actor: { type: "workflow", id: "w", name: null }, execution: by }))).toBeNull();
  });

  it("tells changes from old to new, blanks as nothing, lists by what came and went", () => {
    expect(changeWords([
      { field: "lead_score", old: 10, new: 30 }, { field: "owner_id", old: null, new: "u1" }, { field: "phone", old: "1", new: "" },
      { field: "tags", old: ["a", "b"], new: ["b", "c"] }, { field: "updated_at", old: 1, new: 2 },
    ], telling)).toEqual([
      { field: "lead score", old: "10", now: "30", added: [], removed: [] },
      { field: "owner id", old: null, now: "Marta", added: [], removed: [] },
      { field: "phone", old: "1", now: null, added: [], removed: [] },
      { field: "tags", old: null, now: null, added: ["c"], removed: ["a"] },
    ]);
  });

  it("follows the score", () => {
    const rise = entry({ id: "2", execution: by, changes: [{ field: "lead_score", old: 10, new: 30 }] });
    const set = entry({ id: "3", type: "contact.created", changes: [{ field: "lead_score", old: null, new: 0 }] });
    expect(scoreChanges([rise, set])).toEqual([{ id: "2", at: rise.at, by: 20, now: 30, entry: rise }]);
  });

  it("reads the answers of a form", () => {
    const sent = entry({ type: "form.submitted", more: { data: { form_name: "Contact us", form: { your_name: "Ada", news: true } } } });
    expect(formOf(sent)).toEqual({ name: "Contact us", answers: [{ name: "Your name", value: "Ada" }, { name: "News", value: "yes" }] });
    expect(headline(sent, "contact")).toBe("Form “Contact us” submitted");
  });

  it("gathers days in order", () => {
    const all = ["2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z", "2026-11-21T09:00:00Z"].map((at, index) => entry({ id: String(index), at }));
    expect(byDay(all, (at) => at.slice(0, 10)).map((each) => [each.day, each.entries.length])).toEqual([["2026-11-22", 2], ["2026-11-21", 1]]);
  });
});
