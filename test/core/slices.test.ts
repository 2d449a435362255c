import { describe, expect, test } from "vitest";
import { sliceCount, sliceRange } from "../../core/slices.ts";

describe("sliceCount", () => {
  test.each([
    [0, 1],
    [256, 1],
    [257, 2],
    [10_000, 64],
    [1_000_000, 64],
  ])("a fleet of %i has %i", (machines, count) => {
    expect(sliceCount(machines)).toBe(count);
  });
});

describe("sliceRange", () => {
  test.each([1, 2, 4, 8, 16, 32, 64])("of %i, each id is in exactly one slice", (count) => {
    const ids = [..."-0189AMZ_amz"].flatMap((first) => [first + "-".repeat(20), first.repeat(21)]);
    for (const id of ids) {
      const homes = Array.from({ length: count }, (_unused, slice) => sliceRange(slice, count))
        .map((range) => range!)
        .filter(({ first, end }) => id >= first && (end === undefined || id < end));
      expect(homes).toHaveLength(1);
    }
  });

  test.each([
    [0, 3],
    [1, 1],
    [-1, 2],
    [0.5, 2],
    [0, 128],
    [0, 0],
  ])("%d of %d is none", (slice, count) => {
    expect(sliceRange(slice, count)).toBeNull();
  });
});
