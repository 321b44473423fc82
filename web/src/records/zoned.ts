/** Instants in the person's zone for date-time fields, and back. Pure; the zone is an argument. */

/** "2026-11-22T13:52" on the wall clock of that zone, for a datetime-local field. */
export function wallClock(at: string | Date, zone: string): string {
  const parts = partsIn(new Date(at), zone);
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The instant at which that wall clock shows this; where clocks skip it, an hour later. Undefined for no date. */
export function instantOf(wall: string, zone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const first = asUtc - offsetAt(asUtc, zone);
  const second = asUtc - offsetAt(first, zone);
  return new Date(second).toISOString();
}

/** How far the zone's clock is ahead of UTC at that instant, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  return Date.parse(`${wallClock(new Date(at), zone)}Z`) - Math.floor(at / 60_000) * 60_000;
}

function partsIn(at: Date, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-GB", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}
