import { expect, test } from "vitest";
import { isKey, keyHint, keyPrefixes, parseKeyHeader } from "../../core/keys.ts";

const secret = "k".repeat(32);

test.each(["api", "enrolment"] as const)("a key for the %s has its prefix and is long", (kind) => {
  const prefix = keyPrefixes[kind];
  expect(isKey(kind, prefix + secret)).toBe(true);
  expect(isKey(kind, prefix + secret.slice(1))).toBe(false);
  expect(isKey(kind, `${prefix}${secret}!`)).toBe(false);
  expect(isKey(kind, `rcx_${secret}`)).toBe(false);
  expect(isKey(kind === "api" ? "enrolment" : "api", prefix + secret)).toBe(false);
});

test.each([
  [`Bearer rce_${secret}`, `rce_${secret}`],
  [`bearer   rce_${secret} `, `rce_${secret}`],
  [`rce_${secret}`, null],
  [`Basic rce_${secret}`, null],
  ["Bearer", null],
  [null, null],
])("the header %s holds %s", (header, key) => {
  expect(parseKeyHeader("enrolment", header)).toBe(key);
});

test("a hint is the end of a key", () => {
  expect(keyHint(`rck_${secret}abcd`)).toBe("abcd");
});
