import { expect, test } from "vitest";
import { mergeVersionCounts } from "../../core/versionCounts.ts";

test("S0.7 counts of parts add up, with the most recent heartbeat, the most common first", () => {
  expect(
    mergeVersionCounts([
      { version: "1.0", machines: 1, lastHeartbeatAt: 50 },
      { version: null, machines: 1, lastHeartbeatAt: null },
      { version: "1.1", machines: 2, lastHeartbeatAt: 10 },
      { version: "1.0", machines: 2, lastHeartbeatAt: 20 },
      { version: null, machines: 1, lastHeartbeatAt: 5 },
    ]),
  ).toEqual([
    { version: "1.0", machines: 3, lastHeartbeatAt: 50 },
    { version: null, machines: 2, lastHeartbeatAt: 5 },
    { version: "1.1", machines: 2, lastHeartbeatAt: 10 },
  ]);
});
