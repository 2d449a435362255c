/** When a thread that shows no sign of life is given up. */
import { describe, expect, it } from "vitest";
import { Patience } from "../../backend/runtime/patience.ts";

const EVERY_MS = 250;
const LIMIT_MS = 10_000;

/** How long a thread stays silent until it is given up, while the process gets so much of the processor. */
const givenUpAfterMs = (share: number): number => {
  let cpuMs = 0;
  const patience = new Patience(EVERY_MS, () => cpuMs);
  patience.signOfLife();
  for (let silentMs = EVERY_MS; silentMs < 20 * LIMIT_MS; silentMs += EVERY_MS) {
    cpuMs += EVERY_MS * share;
    if (patience.isOver(LIMIT_MS)) return silentMs;
  }
  return Infinity;
};

describe("a thread without a sign of life", () => {
  it("is given up after the limit when it could have shown one", () => {
    expect(givenUpAfterMs(1)).toBe(LIMIT_MS + EVERY_MS);
  });

  it("is waited for where the machine leaves the process hardly any time", () => {
    expect(givenUpAfterMs(0.25)).toBeGreaterThan(LIMIT_MS * 2 - EVERY_MS);
  });

  it("is given up in the end even when nothing uses the processor", () => {
    expect(givenUpAfterMs(0)).toBe(4 * LIMIT_MS + EVERY_MS);
  });

  it("may take as long as it likes to begin", () => {
    const patience = new Patience(EVERY_MS, () => 0);
    for (let look = 0; look < 1_000; look++) expect(patience.isOver(LIMIT_MS)).toBe(false);
  });
});
