/** Addresses of things named by type and id, as search hits, notifications and activities carry them. */

const PLACES: Record<string, string> = {
  contact: "/contacts", company: "/companies", deal: "/deals", workflow: "/workflows",
  execution: "/executions", form: "/forms",
};

/** The page of a thing, or undefined where its type has none. */
export function addressOf(type: string, id: string): string | undefined {
  if (type === "task") return `/tasks?task=${encodeURIComponent(id)}`;
  const place = PLACES[type];
  return place && `${place}/${encodeURIComponent(id)}`;
}

/** A server link as a path inside this application; anything that leaves it is refused. */
export function insideLink(link: string | null | undefined): string | undefined {
  if (!link) return undefined;
  try {
    const url = new URL(link, window.location.origin);
    return url.origin === window.location.origin ? url.pathname + url.search + url.hash : undefined;
  } catch {
    return undefined;
  }
}
