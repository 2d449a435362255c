import { describe, expect, test } from "vitest";
import fc from "fast-check";
import {
  clip,
  clipBytes,
  escapeHtml,
  escapeJson,
  escapeMarkdown,
  escapeSlack,
  plain,
} from "../../core/escape.ts";
import {
  bodyOf,
  linesOf,
  titleOf,
  type Message,
  type MessageMachine,
} from "../../core/messages.ts";

const AT = Date.UTC(2026, 10, 21, 9, 2, 0);
const machine: MessageMachine = {
  machineId: "V1StGXR8_Z5jdHi6B-myT",
  name: "web-1",
  hostname: "web-1.example.com",
  description: "The first one.",
  status: "offline",
  lastSeenAt: AT - 135_000,
  at: AT,
  durationMs: 135_000,
};
const message: Message = {
  id: "d1",
  event: "machine.offline",
  machines: [machine],
  count: 1,
  massSilence: null,
  problem: null,
  queuedAt: AT,
  pageUrl: null,
  acknowledgeUrl: null,
  resolves: [],
};

describe("a message", () => {
  test.each([
    ["machine.offline", "web-1 is offline"],
    ["machine.online", "web-1 is online again"],
    ["machine.late", "web-1 is late"],
    ["machine.flapping", "web-1 is flapping: offline again and again"],
    ["machine.reminder", "web-1 is still offline"],
    ["test", "web-1: this is a test message"],
  ] as const)("%s begins with the machine's name: %s", (event, title) => {
    expect(titleOf({ ...message, event })).toBe(title);
  });

  test.each([
    [2, "web-1 and 1 other are offline"],
    [40, "web-1 and 39 others are offline"],
  ])("about %i machines counts the others", (count, title) => {
    expect(titleOf({ ...message, count })).toBe(title);
  });

  test("tells the machine's details", () => {
    expect(linesOf(message)).toEqual([
      "Silent for 2m15s at 2026-11-21 09:02:00 UTC",
      "Last seen: 2026-11-21 08:59:45 UTC",
      "Host: web-1.example.com",
      "The first one.",
    ]);
  });

  test("about a channel says which and why", () => {
    const problem = { channelName: "Ops", error: "No answer." };
    const about = {
      ...message,
      event: "channel.failing" as const,
      machines: [],
      count: 0,
      problem,
    };
    expect(titleOf(about)).toBe("Ops fails: messages do not arrive there");
    expect(linesOf(about)).toEqual(["Last error: No answer."]);
  });

  test("that is too long loses lines from its end and says how many machines", () => {
    const machines = Array.from({ length: 50 }, (_unused, index) => ({
      ...machine,
      name: `m${index}`,
    }));
    const long = { ...message, machines, count: 1_000 };
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 4_000 }), (maxLength) => {
        const body = bodyOf(long, { escape: plain, maxLength });
        expect(body.length).toBeLessThanOrEqual(maxLength);
        const listed = body.split("\n").filter((line) => line.startsWith("•")).length;
        expect(body).toContain(`and ${1_000 - listed} more`);
      }),
    );
  });
});

describe("an escaped text", () => {
  test.each([
    [escapeHtml, `<b>"a" & 'b'</b>`, "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;"],
    [escapeSlack, "<!channel> & co", "&lt;!channel&gt; &amp; co"],
    [escapeMarkdown, "[a](b) *c* _d_ `e`", "\\[a\\]\\(b\\) \\*c\\* \\_d\\_ \\`e\\`"],
    [escapeMarkdown, "# big - not - small", "\\# big - not - small"],
    [escapeJson, 'a"b\\c\n', 'a\\"b\\\\c\\n'],
    [plain, "a\u202Eb\r\nc", "ab c"],
  ])("%o of %s", (escape, text, expected) => {
    expect(escape(text)).toBe(expected);
  });

  test("is cut between characters, never within one", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (given, length) => {
        const cut = clip(given, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(cut.isWellFormed()).toBe(given.isWellFormed() || cut.isWellFormed());
        const bytes = clipBytes(given, length + 3);
        expect(new TextEncoder().encode(bytes).length).toBeLessThanOrEqual(length + 3);
      }),
    );
  });
});
