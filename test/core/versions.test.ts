import { expect, test } from "vitest";
import { rollOut } from "../../core/versions.ts";

test("a roll-out is today's counts rewound", () => {
  const changes = [
    { at: 10, from: null, to: "1.0", machines: 2 },
    { at: 50, from: "1.0", to: "2.0", machines: 1 },
    { at: 90, from: "1.0", to: "2.0", machines: 1 },
  ];
  const current = [{ version: "2.0", machines: 2 }];
  expect(rollOut(current, changes, { from: 0, to: 100 }, 4)).toEqual({
    versions: ["2.0", "1.0"],
    points: [
      { at: 0, machines: [0, 0] },
      { at: 25, machines: [0, 2] },
      { at: 50, machines: [1, 1] },
      { at: 75, machines: [1, 1] },
      { at: 100, machines: [2, 0] },
    ],
  });
});
