/**
 * Reads what is typed into the fleet's filter: `status:offline tag:prod version<1.4 seen>10m -host:db "eu west" cpu>80`.
 * Pure, and forgiving: a word that cannot be read is searched as text, and `problems` says what would be right.
 */
import { texts } from "@/texts/texts.ts";
import { parseDurationMs } from "../../../core/durations.ts";

type Operator = ":" | "=" | "<" | "<=" | ">" | ">=";

/** What a word compares; `metric` covers the percentages of the last heartbeat. */
export type Comparison =
  | { kind: "text"; text: string }
  | { kind: "status"; words: string[] }
  | { kind: "is"; what: "paused" | "shared" }
  | { kind: "field"; field: TextField; isExact: boolean; text: string }
  | { kind: "version"; operator: Operator; text: string }
  | { kind: "seen"; isLonger: boolean; durationMs: number }
  | { kind: "metric"; metric: Metric; operator: Operator; percent: number };

export type TextField = "name" | "tag" | "host" | "os" | "ip";
export type Metric = "cpu" | "memory" | "disk";

export interface Term {
  comparison: Comparison;
  /** `-tag:prod` keeps what does not match. */
  isNegated: boolean;
}

export interface ParsedQuery {
  terms: Term[];
  /** One sentence for each word that was not understood as its writer meant it. */
  problems: string[];
}

const textFields: readonly TextField[] = ["name", "tag", "host", "os", "ip"];
const metrics: readonly Metric[] = ["cpu", "memory", "disk"];
const aliases: Record<string, string> = { hostname: "host", mem: "memory", lastseen: "seen" };

// A word, with quotes around all of it or around its value: "eu west", tag:"eu west".
const wordPattern = /-?(?:[^\s"]*"[^"]*"?|[^\s"]+)/g;
const typedPattern = /^([a-z]+)(<=|>=|[:=<>])(.*)$/i;

export function parseFilter(query: string): ParsedQuery {
  const problems: string[] = [];
  const terms = (query.match(wordPattern) ?? []).flatMap((word): Term[] => {
    const isNegated = word.startsWith("-") && word.length > 1;
    const text = isNegated ? word.slice(1) : word;
    const read = readWord(text);
    if ("problem" in read) problems.push(read.problem);
    const comparison = "problem" in read ? textOf(text) : read.comparison;
    return comparison === null ? [] : [{ comparison, isNegated }];
  });
  return { terms, problems };
}

type Reading = { comparison: Comparison | null } | { problem: string };

function readWord(word: string): Reading {
  const typed = typedPattern.exec(word);
  if (typed === null) return { comparison: textOf(word) };
  const [, name = "", operator = ":", raw = ""] = typed;
  const value = unquoted(raw).toLowerCase();
  const field = aliases[name.toLowerCase()] ?? name.toLowerCase();
  // Somebody is still typing the value.
  if (value === "") return { comparison: null };
  return readTyped(field, operator as Operator, value) ?? { comparison: textOf(word) };
}

/** Null where there is no such field: "http://x" is a text like any other. */
function readTyped(field: string, operator: Operator, value: string): Reading | null {
  const name = textFields.find((candidate) => candidate === field);
  if (name !== undefined) {
    return { comparison: { kind: "field", field: name, isExact: operator === "=", text: value } };
  }
  const metric = metrics.find((candidate) => candidate === field);
  if (metric !== undefined) return readMetric(metric, operator, value);
  switch (field) {
    case "status":
      return { comparison: { kind: "status", words: value.split(",").filter(Boolean) } };
    case "is":
      return value === "paused" || value === "shared"
        ? { comparison: { kind: "is", what: value } }
        : { problem: texts().fleet.filter.is };
    case "version":
      return { comparison: { kind: "version", operator, text: value } };
    case "seen":
      return readSeen(operator, value);
    default:
      return null;
  }
}

function readSeen(operator: Operator, value: string): Reading {
  const durationMs = parseDurationMs(value);
  if (durationMs === null) return { problem: texts().fleet.filter.seen };
  return { comparison: { kind: "seen", isLonger: operator.startsWith(">"), durationMs } };
}

function readMetric(metric: Metric, operator: Operator, value: string): Reading {
  const percent = Number(value.replace(/%$/, ""));
  if (!Number.isFinite(percent)) return { problem: texts().fleet.filter.metric(metric) };
  return { comparison: { kind: "metric", metric, operator, percent } };
}

function textOf(word: string): Comparison | null {
  const text = unquoted(word).toLowerCase();
  return text === "" ? null : { kind: "text", text };
}

function unquoted(text: string): string {
  return text.replaceAll('"', "");
}

/** Below zero, zero, above: 1.4 < 1.10, and a version with fewer parts stands before. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index] ?? "0", right[index] ?? "0"];
    const difference = /^\d+$/.test(x) && /^\d+$/.test(y) ? Number(x) - Number(y) : compare(x, y);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function satisfies(difference: number, operator: Operator): boolean {
  switch (operator) {
    case ":":
    case "=":
      return difference === 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    default:
      return operator satisfies never;
  }
}

const partsOf = (version: string) =>
  version
    .toLowerCase()
    .replace(/^v/, "")
    .split(/[.\-+]/);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
