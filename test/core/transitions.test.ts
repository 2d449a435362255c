import { describe, expect, test } from "vitest";
import {
  overlayAfter,
  transition,
  visibleState,
  type LifeEvent,
  type LifeState,
  type Overlay,
  type OverlayEvent,
} from "../../core/transitions.ts";

const states: LifeState[] = ["waiting", "online", "late", "offline", "stopped"];
const events: LifeEvent[] = ["beat", "intervalPassed", "deadlinePassed", "goodbye"];

const allowed: [LifeState, LifeEvent, LifeState, string][] = [
  ["waiting", "beat", "online", "stays"],
  ["waiting", "goodbye", "stopped", "stays"],
  ["online", "beat", "online", "stays"],
  ["online", "intervalPassed", "late", "stays"],
  ["online", "deadlinePassed", "offline", "opens"],
  ["online", "goodbye", "stopped", "stays"],
  ["late", "beat", "online", "stays"],
  ["late", "deadlinePassed", "offline", "opens"],
  ["late", "goodbye", "stopped", "stays"],
  ["offline", "beat", "online", "closes"],
  ["offline", "goodbye", "stopped", "stays"],
  ["stopped", "beat", "online", "closes"],
  ["stopped", "deadlinePassed", "offline", "opens"],
  ["stopped", "goodbye", "stopped", "stays"],
];

describe("the life of a machine", () => {
  test.each(allowed)("%s, %s: becomes %s, its incident %s", (state, event, to, incident) => {
    expect(transition(state, event)).toEqual({ to, incident });
  });

  const forbidden = states.flatMap((state) =>
    events
      .filter((event) => !allowed.some(([from, on]) => from === state && on === event))
      .map((event) => [state, event] as const),
  );

  test.each(forbidden)("%s, %s: is forbidden", (state, event) => {
    expect(transition(state, event)).toBeNull();
  });

  test("every state can be left, and every state but waiting be reached", () => {
    const reached = new Set(allowed.filter(([from, , to]) => from !== to).map(([, , to]) => to));
    expect(reached).toEqual(new Set(states.filter((state) => state !== "waiting")));
    expect(new Set(allowed.map(([from]) => from))).toEqual(new Set(states));
  });
});

const none: Overlay = { isPaused: false, isInMaintenance: false };
const paused: Overlay = { ...none, isPaused: true };
const maintained: Overlay = { ...none, isInMaintenance: true };

describe("what lies over it", () => {
  test.each<[Overlay, OverlayEvent, Overlay | null]>([
    [none, "pause", paused],
    [paused, "pause", null],
    [paused, "resume", none],
    [none, "resume", null],
    [none, "maintenanceBegins", maintained],
    [maintained, "maintenanceBegins", null],
    [maintained, "maintenanceEnds", none],
    [none, "maintenanceEnds", null],
    [maintained, "pause", { isPaused: true, isInMaintenance: true }],
  ])("%o, %s: %o", (before, event, after) => {
    expect(overlayAfter(before, event)).toEqual(after);
  });

  test.each(states)("%s: a pause hides it", (state) => {
    expect(visibleState(state, paused)).toBe("paused");
    expect(visibleState(state, { isPaused: true, isInMaintenance: true })).toBe("paused");
  });

  test.each<[LifeState, string]>([
    ["waiting", "waiting"],
    ["online", "online"],
    ["late", "maintenance"],
    ["offline", "maintenance"],
    ["stopped", "stopped"],
  ])("%s in maintenance shows as %s", (state, shown) => {
    expect(visibleState(state, maintained)).toBe(shown);
    expect(visibleState(state, none)).toBe(state);
  });
});
