/** Sort keys and ids: the two encodings that everything in the store relies on. */
import { compareValues, convexToJson, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldAt } from "../../backend/store/documents.ts";
import { decodeId, encodeId, newInternalId } from "../../backend/values/documentId.ts";
import { specialKind, type EncodedObject } from "../../backend/values/encoded.ts";
import { AFTER, sortKey } from "../../backend/values/sortKey.ts";
import { compileValidator, type ValidatorJson } from "../../backend/values/validator.ts";
import { optionalValue } from "../support/convexValues.ts";

const keyOf = (value: Value | undefined) =>
  sortKey(value === undefined ? undefined : convexToJson(value));

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

describe("a field that is named like something that every object has", () => {
  it("may be absent, in validators as in indexes", () => {
    const doc = JSON.parse('{"name":"web-1"}') as EncodedObject;
    for (const name of ["constructor", "toString", "valueOf"]) {
      const text: ValidatorJson = { type: "string" };
      const check = compileValidator({
        type: "object",
        value: {
          name: { fieldType: text, optional: false },
          [name]: { fieldType: text, optional: true },
        },
      });
      expect(
        check(doc, () => true),
        name,
      ).toBeNull();
      expect(fieldAt(doc, [name]), name).toBeUndefined();
      expect(specialKind({ [name]: "x" }), name).toBeNull();
      expect(
        check({ ...doc, [name]: "x" }, () => true),
        name,
      ).toBeNull();
    }
  });
});

describe("sort keys", () => {
  it("order any two values as Convex compares them", () => {
    fc.assert(
      fc.property(optionalValue, optionalValue, (left, right) => {
        expect(order(keyOf(left), keyOf(right))).toBe(Math.sign(compareValues(left, right)));
      }),
      { numRuns: 20_000 },
    );
  });

  it("order tuples by their first different part, also when one value is longer", () => {
    const pair = fc.tuple(optionalValue, optionalValue);
    fc.assert(
      fc.property(pair, pair, (left, right) => {
        const byParts = compareValues(left[0], right[0]) || compareValues(left[1], right[1]);
        const byKeys = order(left.map(keyOf).join(""), right.map(keyOf).join(""));
        expect(byKeys).toBe(Math.sign(byParts));
      }),
      { numRuns: 20_000 },
    );
  });

  it("begin every key of the same value and of no other one, up to the mark above all tags", () => {
    fc.assert(
      fc.property(optionalValue, optionalValue, optionalValue, (value, other, next) => {
        const key = keyOf(other) + keyOf(next);
        const isInside = key >= keyOf(value) && key < keyOf(value) + AFTER;
        expect(isInside).toBe(compareValues(value, other) === 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it("are bytes, one character each", () => {
    fc.assert(
      fc.property(optionalValue, (value) => {
        expect(keyOf(value)).toMatch(/^[\u0000-\u00ff]*$/);
      }),
    );
  });
});

const internalId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => String.fromCharCode(...bytes));
const tableNumber = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

describe("document ids", () => {
  it("are read as Convex itself has made them", () => {
    const ids = [
      "j972ajnekav8bwydghyr65ajex6nf604",
      "j97akr3qgbrsjz7sc33y169wh56netq0",
      "j974d7asc3bskt14cdn668b2tn7me5mz",
    ];
    for (const id of ids) {
      const decoded = decodeId(id);
      expect(decoded?.tableNumber).toBe(10_002);
      expect(decoded && encodeId(decoded)).toBe(id);
    }
  });

  it("decode to what was encoded", () => {
    fc.assert(
      fc.property(tableNumber, internalId, (number, id) => {
        const decoded = { tableNumber: number, internalId: id };
        expect(decodeId(encodeId(decoded))).toEqual(decoded);
      }),
    );
  });

  it("have one spelling each: whatever decodes is what its content encodes to", () => {
    const bytes = fc.uint8Array({ minLength: 19, maxLength: 23 });
    fc.assert(
      fc.property(bytes, fc.nat(4), (given, zeros) => {
        const text = spell(padded(given, zeros));
        const decoded = decodeId(text);
        if (decoded !== null) expect(encodeId(decoded)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are refused when a letter is changed", () => {
    const letter = fc.constantFrom(...ALPHABET);
    fc.assert(
      fc.property(tableNumber, internalId, fc.nat(36), letter, (number, id, at, other) => {
        const text = encodeId({ tableNumber: number, internalId: id });
        const changed =
          text.slice(0, at % text.length) + other + text.slice((at % text.length) + 1);
        if (changed !== text) expect(decodeId(changed)).toBeNull();
      }),
    );
  });

  it("never throw, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        decodeId(text);
      }),
    );
  });

  it("ascend with the time of creation, so that a table grows at its end", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 42), fc.integer({ min: 1, max: 1_000 }), (nowMs, later) => {
        expect(newInternalId(nowMs) < newInternalId(nowMs + later)).toBe(true);
      }),
    );
  });
});

/** The bytes of an id whose table number is spelt with more bytes than needed, and whose checksum is right. */
function padded(given: Uint8Array, zeros: number): number[] {
  const number = [...given.slice(0, 1)].map((byte) => (zeros === 0 ? byte & 0x7f : byte | 0x80));
  for (let at = 1; at <= zeros; at++) number.push(at === zeros ? 0 : 0x80);
  const bytes = [...number, ...given.slice(3, 19)];
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) & 0xff;
    high = (high + low) & 0xff;
  }
  return [...bytes, low, high];
}

function spell(bytes: number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[parseInt(group.padEnd(5, "0"), 2)]).join("");
}
