import { expect, it } from "vitest";
import { instantOf, wallClock } from "./zoned";

it("shows an instant on the zone's wall clock and reads it back", () => {
  expect(wallClock("2026-11-22T12:30:00.000Z", "Europe/Berlin")).toBe("2026-11-22T13:30");
  expect(instantOf("2026-11-22T13:30", "Europe/Berlin")).toBe("2026-11-22T12:30:00.000Z");
  expect(instantOf("2026-07-01T09:00", "America/New_York")).toBe("2026-07-01T13:00:00.000Z");
  expect(instantOf("", "UTC")).toBeUndefined();
});

it("moves an hour that clocks skip to one that exists", () => {
  expect(wallClock(instantOf("2026-03-29T02:30", "Europe/Berlin") ?? "", "Europe/Berlin")).toMatch(/T0[13]:30$/);
});
