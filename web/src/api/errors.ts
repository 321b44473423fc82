/**
 * What a failed request becomes: one typed error with words a person can act on.
 * It knows problem+json and nothing of React or of single endpoints.
 */
import type { ProblemPlace } from "./types";

export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemPlace[];
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    const title = text(problem["title"]) ?? titleOf(status);
    const detail = text(problem["detail"]) ?? adviceFor(status);
    super(detail || title);
    this.name = "ApiError";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = fieldProblems(problem["errors"]);
    this.body = problem;
  }

  /** The first message for a field, where `path` ends with that field's name, as a sentence. */
  for(field: string): string | undefined {
    const problem = this.errors.find((each) => fieldOf(each.path) === field);
    return problem && sentence(withField(problem));
  }
}

/** True where trying the same request again can help. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

/** True where an address names nothing: no such thing, or no id at all. */
export function isNowhere(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 422);
}

/** True where the request was refused and says how to insist: with `?force=true`. */
export function isOverridable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && "override" in error.body;
}

/** A sentence for any thrown thing. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const first = error.errors[0];
    if (first && !error.detail.includes(first.message)) {
      return `${sentence(error.detail || error.title)} ${sentence(withField(first))}`.trim();
    }
    return sentence(error.detail || error.title);
  }
  return error instanceof Error ? sentence(error.message) : "Something unexpected happened.";
}

export async function errorFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return new ApiError(response.status, isRecord(body) ? body : {});
}

export function unreachable(): ApiError {
  return new ApiError(0, {
    title: "No answer from the server",
    detail: "The server could not be reached. Check your connection; nothing was saved by this attempt.",
  });
}

function titleOf(status: number): string {
  const titles: Record<number, string> = {
    401: "You are signed out",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    412: "Changed by somebody else",
    413: "Too large",
    429: "Too many requests",
    503: "Temporarily unavailable",
  };
  return titles[status] ?? (status >= 500 ? "The server failed" : "The request was refused");
}

function adviceFor(status: number): string {
  const advice: Record<number, string> = {
    401: "Sign in again to go on.",
    403: "Your role does not allow this. Ask an owner or admin of this account.",
    404: "It may have been deleted, or the address is wrong.",
    412: "Somebody else saved a change meanwhile. Reload to see it, then save again.",
    429: "Wait a few seconds and try again.",
    503: "Try again in a moment.",
  };
  return advice[status] ?? (status >= 500 ? "It was not your doing. Try again in a moment." : "");
}

function fieldProblems(value: unknown): ProblemPlace[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((each) => ({
    path: text(each["path"]) ?? "",
    message: text(each["message"]) ?? "is not valid",
    ...(typeof each["line"] === "number" ? { line: each["line"] } : {}),
    ...(typeof each["column"] === "number" ? { column: each["column"] } : {}),
    ...(typeof each["suggestion"] === "string" ? { suggestion: each["suggestion"] } : {}),
  }));
}

function fieldOf(path: string): string {
  return path.split(/[./[\]]/).filter(Boolean).at(-1) ?? "";
}

/** "is no email address" needs its field named; a whole sentence does not. */
function withField({ path, message }: ProblemPlace): string {
  const field = fieldOf(path).replace(/_/g, " ");
  return /^[a-z]/.test(message) && field ? `${field.charAt(0).toUpperCase()}${field.slice(1)} ${message}` : message;
}

function sentence(words: string): string {
  return words && !/[.!?]$/.test(words) ? `${words}.` : words;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
