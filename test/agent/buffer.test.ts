import { expect, it } from "vitest";
import { createBuffer } from "../../agent/buffer.ts";

const numbered = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }));

it("keeps heartbeats until they are dropped", () => {
  const buffer = createBuffer(null, 5);
  for (const heartbeat of numbered(1, 2, 3)) buffer.push(heartbeat);
  expect(buffer.oldest(2)).toEqual(numbered(1, 2));
  expect(buffer.size).toBe(3);
  buffer.drop(2);
  expect(buffer.oldest(10)).toEqual(numbered(3));
});

it("lets the oldest go when it is full", () => {
  const buffer = createBuffer(null, 2);
  for (const heartbeat of numbered(1, 2, 3)) buffer.push(heartbeat);
  expect(buffer.oldest(10)).toEqual(numbered(2, 3));
});
