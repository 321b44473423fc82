import { describe, expect, it } from "vitest";
import { ApiError, errorFrom, isPassing, messageOf, unreachable } from "./errors";

const problem = { title: "Not valid", status: 422, detail: "The contact was not saved.", errors: [{ path: "create[0].email", message: "is no email address" }] };

describe("an API error", () => {
  it("carries title, detail and the problems of fields", async () => {
    const error = await errorFrom(new Response(JSON.stringify(problem), { status: 422, headers: { "content-type": "application/problem+json" } }));
    expect(error).toMatchObject({ status: 422, title: "Not valid", detail: "The contact was not saved." });
    expect(error.for("email")).toBe("Email is no email address.");
    expect(error.for("name")).toBeUndefined();
    expect(messageOf(error)).toBe("The contact was not saved. Email is no email address.");
  });

  it("keeps line, column and suggestion of problems in text", () => {
    const error = new ApiError(422, { errors: [{ path: "steps.0", message: "?", line: 3, column: 5, suggestion: "contact.add_tag" }] });
    expect(error.errors[0]).toEqual({ path: "steps.0", message: "?", line: 3, column: 5, suggestion: "contact.add_tag" });
  });

  it("says what to do where the server said nothing", async () => {
    const error = await errorFrom(new Response("<html>", { status: 502 }));
    expect(error.title).toBe("The server failed");
    expect(messageOf(error)).toBe("It was not your doing. Try again in a moment.");
    expect(messageOf(new ApiError(403, {}))).toContain("Your role does not allow this");
  });

  it("is worth another try only where that can help", () => {
    expect([unreachable(), new ApiError(503, {}), new ApiError(429, {})].every(isPassing)).toBe(true);
    expect([new ApiError(404, {}), new ApiError(422, problem)].some(isPassing)).toBe(false);
  });
});
