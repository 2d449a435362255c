import { describe, expect, test } from "vitest";
import {
  cellsOf,
  conditionOf,
  overlay,
  segmentsOf,
  tally,
  uptimeOf,
  type Segment,
} from "../../core/uptime.ts";

const day = { from: 0, to: 100 };
const up = (from: number, to: number): Segment => ({ from, to, condition: "up" });
const down = (from: number, to: number): Segment => ({ from, to, condition: "down" });

describe("segments", () => {
  test("go from change to change", () => {
    const changes = [
      { at: 40, reason: "silence" as const },
      { at: 60, reason: "heartbeat" as const },
    ];
    expect(segmentsOf("up", changes, day)).toEqual([up(0, 40), down(40, 60), up(60, 100)]);
  });

  test("changes that change nothing are not seen, nor those after the end", () => {
    const changes = [
      { at: 40, reason: "heartbeat" as const },
      { at: 100, reason: "silence" as const },
    ];
    expect(segmentsOf("up", changes, day)).toEqual([up(0, 100)]);
  });

  test("a change at the very start leaves nothing before it", () => {
    expect(segmentsOf("waiting", [{ at: 0, reason: "heartbeat" }], day)).toEqual([up(0, 100)]);
  });

  test.each([
    ["heartbeat", "up"],
    ["silence", "down"],
    ["shutdown", "stopped"],
    ["reboot", "stopped"],
    ["upgrade", "stopped"],
    ["waiting", "waiting"],
  ] as const)("%s means %s", (reason, condition) => {
    expect(conditionOf(reason)).toBe(condition);
  });
});

describe("uptime", () => {
  test("is the share of up in what counts", () => {
    expect(uptimeOf(tally([up(0, 75), down(75, 100)], day))).toBe(0.75);
  });

  test("leaves planned stops out", () => {
    const segments = [up(0, 50), { from: 50, to: 100, condition: "stopped" as const }];
    expect(uptimeOf(tally(segments, day))).toBe(1);
  });

  test("is unknown where nothing counts", () => {
    expect(uptimeOf(tally([{ ...day, condition: "waiting" }], day))).toBeNull();
  });

  test("leaves our own outage out, whatever the machine was", () => {
    const segments = overlay([up(0, 50), down(50, 100)], [{ from: 40, to: 90 }], "unknown");
    expect(segments).toEqual([
      up(0, 40),
      { from: 40, to: 50, condition: "unknown" },
      { from: 50, to: 90, condition: "unknown" },
      down(90, 100),
    ]);
    expect(uptimeOf(tally(segments, day))).toBe(0.8);
  });

  test("leaves downtime in maintenance out, and counts a machine that stayed up", () => {
    const isDown = (condition: string) => condition === "down";
    const window = [{ from: 30, to: 70 }];
    const segments = overlay([up(0, 50), down(50, 100)], window, "maintenance", isDown);
    expect(tally(segments, day)).toMatchObject({ up: 50, maintenance: 20, down: 30 });
  });
});

describe("the cells of a bar", () => {
  test("show any downtime, then up, then what lasted longest", () => {
    const segments: Segment[] = [
      up(0, 15),
      down(15, 30),
      { from: 30, to: 44, condition: "stopped" },
      { from: 44, to: 60, condition: "unknown" },
      { from: 60, to: 70, condition: "maintenance" },
      { from: 70, to: 80, condition: "waiting" },
      up(80, 100),
    ];
    expect(cellsOf(segments, day, 10)).toBe("updsggmwuu");
  });
});
