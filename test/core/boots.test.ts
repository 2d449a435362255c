import { expect, test } from "vitest";
import { type Boots, followBoots } from "../../core/boots.ts";

const MINUTE = 60_000;

/** Follows requests of boots, half a minute apart unless told otherwise; the last answer. */
function follow(bootIds: string[], stepMs = MINUTE / 2) {
  let boots: Boots | undefined;
  let clash: unknown = null;
  bootIds.forEach((bootId, index) => {
    const boot = { bootId, lastSeenAt: index * stepMs };
    ({ boots, clash } = followBoots(boots, boot, (index - 1) * stepMs));
  });
  return { boots, clash };
}

test("one boot that beats is no clash, and changes nothing", () => {
  const before = { current: { bootId: "a", lastSeenAt: 0 } };
  const { boots, clash } = followBoots(before, { bootId: "a", lastSeenAt: 1_000 }, 0);
  expect(boots).toBe(before);
  expect(clash).toBeNull();
});

test("restarts are no clash, however many", () => {
  expect(follow(["a", "b", "c", "d", "e"]).clash).toBeNull();
});

test("a token tried elsewhere and taken back once is no clash", () => {
  expect(follow(["a", "b", "a", "a", "a"]).clash).toBeNull();
});

test("two boots that take turns are a clash, each with when it was heard", () => {
  const { clash } = follow(["a", "b", "a", "b"]);
  expect(clash).toEqual([
    { bootId: "b", lastSeenAt: 90_000 },
    { bootId: "a", lastSeenAt: 60_000 },
  ]);
});

test("boots that take turns in hours were started on purpose", () => {
  expect(follow(["a", "b", "a", "b", "a"], 60 * MINUTE).clash).toBeNull();
});

test("a third boot starts the count anew", () => {
  expect(follow(["a", "b", "a", "c", "a"]).clash).toBeNull();
});

test("registration tells the host of a boot, and a heartbeat does not forget it", () => {
  const { boots } = followBoots(undefined, { bootId: "a", hostname: "web-1", lastSeenAt: 0 }, 0);
  const beaten = followBoots(boots, { bootId: "a", lastSeenAt: 1 }, 0).boots;
  const moved = followBoots(beaten, { bootId: "b", lastSeenAt: 2 }, 1).boots;
  const back = followBoots(moved, { bootId: "a", lastSeenAt: 3 }, 2).boots;
  expect(back.current).toEqual({ bootId: "a", hostname: "web-1", lastSeenAt: 3 });
  const again = followBoots(beaten, { bootId: "a", hostname: "web-2", lastSeenAt: 4 }, 0).boots;
  expect(again.current.hostname).toBe("web-2");
});
