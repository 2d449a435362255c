import { expect, test } from "vitest";
import { toCsv } from "../../core/csv.ts";

test.each([
  [[["a", 1, null]], "a,1,\r\n"],
  [[['say "hi"', "a,b", "two\nlines"]], '"say ""hi""","a,b","two\nlines"\r\n'],
  [[["=HYPERLINK(1)", "@x", "+1", "-1", -1]], '"\'=HYPERLINK(1)","\'@x","\'+1","\'-1",-1\r\n'],
  [[["é"], ["b"]], "é\r\nb\r\n"],
  [[], ""],
])("%j", (rows, text) => {
  expect(toCsv(rows)).toBe(text);
});
