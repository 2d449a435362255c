import { expect, test } from "vitest";
import { formatToken, parseAuthorization, parseToken } from "../../core/token.ts";

const machineId = "V1StGXR8_Z5jdHi6B-myT";
const secret = "s".repeat(32);
const token = `${machineId}:${secret}`;

test("S3.1 a token is machineId:secret and reads back", () => {
  expect(formatToken({ machineId, secret })).toBe(token);
  expect(parseToken(token)).toEqual({ machineId, secret });
  expect(parseAuthorization(`Bearer ${token}`)).toEqual({ machineId, secret });
  expect(parseAuthorization(`bearer ${token} `)).toEqual({ machineId, secret });
});

test.each([
  null,
  "",
  token,
  `Basic ${token}`,
  "Bearer ",
  `Bearer ${machineId}`,
  `Bearer ${token}:more`,
  `Bearer short:${secret}`,
  `Bearer ${machineId}:tooShort`,
  `Bearer ${machineId}:${"s".repeat(129)}`,
  `Bearer ${machineId}x:${secret}`,
  `Bearer ${machineId}:${"s".repeat(31)}é`,
])("refuses the header %j", (header) => {
  expect(parseAuthorization(header)).toBeNull();
});
