import { expect, test } from "vitest";
import { renderMetrics } from "../../core/prometheus.ts";

const family = (name: string, value = 1) => ({
  name: "rollcall_machine_up",
  help: "Whether it is up.",
  type: "gauge" as const,
  samples: [{ labels: { name }, value }],
});

test("a family is its help, its type and a line for each sample", () => {
  expect(renderMetrics([family("web-1")])).toBe(
    [
      "# HELP rollcall_machine_up Whether it is up.",
      "# TYPE rollcall_machine_up gauge",
      'rollcall_machine_up{name="web-1"} 1',
      "",
    ].join("\n"),
  );
});

test.each([
  ['"} 0\nrollcall_machine_up{name="web-2', '\\"} 0\\nrollcall_machine_up{name=\\"web-2'],
  ["back\\slash", "back\\\\slash"],
  ["line\u2028end\r", "line end "],
])("the hostile name %j stays in its quotes", (name, escaped) => {
  const [, , line] = renderMetrics([family(name)]).split("\n");
  expect(line).toBe(`rollcall_machine_up{name="${escaped}"} 1`);
});

test("a family without samples is left out, a sample without labels has no braces", () => {
  expect(renderMetrics([{ ...family("a"), samples: [] }])).toBe("");
  const plain = { ...family("a"), samples: [{ labels: {}, value: 0.5 }] };
  expect(renderMetrics([plain])).toContain("\nrollcall_machine_up 0.5\n");
});
