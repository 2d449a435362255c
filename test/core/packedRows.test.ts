import fc from "fast-check";
import { expect, test } from "vitest";
import { packRows, unpackRows } from "../../core/packedRows.ts";

const row = fc.record({
  name: fc.string(),
  tags: fc.array(fc.string()),
  lastSeen: fc.option(fc.integer(), { nil: null }),
});

test("rows come out of a text as they went in", () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(unpackRows(packRows(rows))).toEqual(rows);
    }),
  );
});
