import { expect, test } from "vitest";
import { formatShare, renderBadge } from "../../core/badge.ts";

test("a badge says what it shows in words, for eyes and for screen readers", () => {
  const svg = renderBadge({ label: "web-1", message: "operational", tone: "good" });
  expect(svg).toMatch(/^<svg .*aria-label="web-1: operational">.*<\/svg>$/);
  expect(svg.match(/<text /g)).toHaveLength(2);
});

test("a hostile name stays text", () => {
  const svg = renderBadge({
    label: '"><script>alert(1)</script>',
    message: "a & b",
    tone: "bad",
  });
  expect(svg).not.toContain("<script");
  expect(svg).toContain("a &amp; b");
  const document = svg.replace(/&(amp|lt|gt|quot|#39);/g, "");
  expect(document.match(/[<>]/g)?.length).toBe(2 * (document.match(/<[^<>]*>/g)?.length ?? 0));
});

test("a long name is cut", () => {
  const svg = renderBadge({ label: "x".repeat(500), message: "up", tone: "good" });
  expect(svg.length).toBeLessThan(1_500);
});

test.each([
  [null, "unknown"],
  [1, "100%"],
  [0.99999, "99.99%"],
  [0.5, "50%"],
])("an uptime of %s reads %s", (share, text) => {
  expect(formatShare(share)).toBe(text);
});
