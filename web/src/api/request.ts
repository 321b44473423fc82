/**
 * The one way to the server: same-origin cookie session, CSRF header, revision as ETag,
 * problem+json as ApiError. It keeps no data; the query cache does.
 */
import { errorFrom, unreachable } from "./errors";

const ROOT = "/api/v1";
let csrfToken: string | null = null;

export type QueryValue = string | number | boolean | null | undefined;

export interface RequestOptions {
  query?: Readonly<Record<string, QueryValue>> | undefined;
  body?: unknown;
  /** Text sent as it is, with this content type. */
  raw?: { type: string; text: string };
  /** The revision the change was made against, sent as If-Match. */
  revision?: number | undefined;
  signal?: AbortSignal | undefined;
  accept?: string;
}

/** Kept for every later change; `GET /me` and sign-in answer it. */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token;
}

export function urlOf(path: string, query?: RequestOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]));
  const tail = search.toString();
  return `${ROOT}${path}${tail ? `?${tail}` : ""}`;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: options.accept ?? "application/json" };
  if (options.raw) headers["Content-Type"] = options.raw.type;
  else if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  if (options.revision !== undefined) headers["If-Match"] = `"${options.revision}"`;
  const body = options.raw?.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  let response: Response;
  try {
    response = await fetch(urlOf(path, options.query), {
      method, headers, credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!response.ok) throw await errorFrom(response);
  return response;
}

export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  const words = await response.text();
  return (words === "" ? undefined : JSON.parse(words)) as T;
}

export async function requestText(path: string, options: RequestOptions = {}): Promise<string> {
  return (await send("GET", path, { accept: "text/plain, application/yaml, */*", ...options })).text();
}

export const api = {
  get: <T>(path: string, query?: RequestOptions["query"], signal?: AbortSignal) => request<T>("GET", path, { query, signal }),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("POST", path, { body, ...options }),
  put: <T>(path: string, body: unknown, revision?: number) => request<T>("PUT", path, { body, revision }),
  patch: <T>(path: string, body: unknown, revision?: number) => request<T>("PATCH", path, { body, revision }),
  delete: <T = void>(path: string, revision?: number) => request<T>("DELETE", path, { revision }),
};
