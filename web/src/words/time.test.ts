import { beforeAll, describe, expect, it } from "vitest";
import { absoluteTime, currentZone, dateTime, duration, relativeTime, setZone, shortRelative } from "./time";

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const ago = (seconds: number) => new Date(now - seconds * 1000);

describe("a duration", () => {
  it.each([
    [null, "–"], [0, "0 ms"], [0.4, "<1 ms"], [12.4, "12 ms"], [999, "999 ms"], [1_000, "1 s"], [1_440, "1.4 s"], [45_200, "45 s"],
    [59_700, "1 min"], [60_000, "1 min"], [125_000, "2 min 5 s"], [3_600_000, "1 h"], [11_400_000, "3 h 10 min"], [187_200_000, "2 d 4 h"],
  ])("of %s ms is %s", (ms, words) => expect(duration(ms)).toBe(words));

  it("never shows sixty of the smaller unit", () => expect(duration(119_800)).toBe("2 min"));
});

describe("an instant", () => {
  beforeAll(() => setZone("Europe/Berlin"));

  it("is told from now", () => {
    expect(relativeTime(ago(3), now)).toBe("just now");
    expect(relativeTime(ago(180), now)).toBe("3 minutes ago");
    expect(relativeTime(ago(-2 * 86_400), now)).toBe("in 2 days");
    expect(relativeTime(ago(86_400), now)).toBe("yesterday");
    expect(relativeTime(ago(90 * 86_400), now)).toBe("24 Aug");
    expect(relativeTime(ago(400 * 86_400), now)).toBe("18 Oct 2025");
  });

  it("is short in tables", () => {
    expect(shortRelative(ago(2), now)).toBe("now");
    expect(shortRelative(ago(61), now)).toBe("1m ago");
    expect(shortRelative(ago(-7_300), now)).toBe("in 2h");
  });

  it("is absolute in the person's zone, which is named", () => {
    expect(absoluteTime(new Date(now))).toBe("22 Nov 2026, 13:00:00 (Europe/Berlin)");
    expect(dateTime(new Date(now))).toBe("22 Nov 2026, 13:00");
  });

  it("stays in the last good zone when a name is unknown", () => {
    setZone("Moon/Base");
    expect(currentZone()).toBe("Europe/Berlin");
  });
});
