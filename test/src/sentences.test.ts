/** The server speaks English. What a person gets to see of that has words in every other language. */
import { ConvexError } from "convex/values";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { messageOf } from "@/lib/errors.ts";
import { sentences as german } from "@/texts/de/sentences.ts";
import { chooseLanguage } from "@/texts/texts.ts";
import { sentences as chinese } from "@/texts/zh/sentences.ts";

const root = resolve(import.meta.dirname, "../..");
const LITERAL = /"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** Refused to programs only: the page does not ask like this. */
const FOR_PROGRAMS = new Set([
  "flow must be signUp or signIn.",
  "Ask for at most {} machines at once.",
  "It is not true.",
  "A fleet of more than {} machines is listed in slices.",
  "Ask for a slice from 0, of 1, 2, 4 … up to 64.",
  "{} must be milliseconds since 1970.",
  "from must lie before to.",
  "from must not be later than to.",
  "Search for 1 to {} characters.",
  "Ask for one row or more.",
]);

afterEach(async () => await chooseLanguage("en"));

it.each([
  ["German", german],
  ["Chinese", chinese],
])(
  "%s has words for every sentence that the server says to people, and for no other",
  (_, words) => {
    const said = [...new Set([...refusals(), ...problems(), ...repairs()])];
    const wanted = said.filter((sentence) => !FOR_PROGRAMS.has(sentence)).sort();
    expect(Object.keys(words).sort()).toEqual(wanted);
    expect([...FOR_PROGRAMS].filter((sentence) => !said.includes(sentence))).toEqual([]);
  },
);

it("says a refusal in the language of the page, with the server's numbers", async () => {
  const refused = (message: string) =>
    messageOf(new ConvexError({ kind: "invalid", field: "name", message }));
  const tooLong = "name must be 1 to 60 characters long.";
  expect(refused(tooLong)).toBe(tooLong);
  await chooseLanguage("de");
  expect(refused(tooLong)).toBe("Muss 1 bis 60 Zeichen lang sein.");
  expect(refused("This address is taken. Choose another.")).toContain("vergeben");
  expect(refused("Something new.")).toBe("Something new.");
  await chooseLanguage("zh");
  expect(refused("Verify a@b.example first, under Settings.")).toContain("a@b.example");
});

/** What is handed to fail(), and to the functions that put words around it. */
function refusals(): string[] {
  return sourcesIn("convex")
    .flatMap((source) => [
      ...[...source.matchAll(/\bfail\(\{/g)].flatMap(({ index }) => messagesOfCall(source, index)),
      ...literalsAfter(source, /\brefuse\(\s*/g).map((said) => `${said.replace(/\.$/, "")}.`),
      ...literalsAfter(source, /[\s(,]/g)
        .filter((said) => said.startsWith("must "))
        .map((said) => `{} ${said}.`),
    ])
    .filter((said) => !/^(\{\}|The address \{\}|\{\} \{\})\.$|^must /.test(said))
    .concat("{} is needed.", "{} cannot be used.");
}

/** Why a schedule or quiet hours cannot be used. */
function problems(): string[] {
  return ["core/maintenance.ts", "core/quietHours.ts"]
    .map((file) => readFileSync(join(root, file), "utf8"))
    .flatMap((source) => literalsAfter(source, /[=:?]\s+|return /g))
    .filter((said) => /^[A-Z].*\.$/.test(said));
}

function repairs(): string[] {
  const source = readFileSync(join(root, "convex/model/reconciliation.ts"), "utf8");
  return literalsAfter(source, /\bproblem(?: =|:) /g);
}

/** A message that is made elsewhere is found there, or fails here. */
function messagesOfCall(source: string, start: number): string[] {
  const call = source.slice(start, source.indexOf("});", start));
  const given = /\bmessage:\s*([\s\S]*)/.exec(call)?.[1];
  const before = source.slice(source.lastIndexOf("const message =", start), start);
  const found = (given ?? before.split(";\n")[0] ?? "").match(LITERAL)?.map(keyOf) ?? [];
  const isElsewhere = /\bmessage: problem\b|field: "parentMachineId", message/.test(call);
  return found.length > 0 || isElsewhere ? found : [`What does this say? ${call}`];
}

function literalsAfter(source: string, before: RegExp): string[] {
  const literals = new RegExp(`(?:${before.source})(${LITERAL.source})`, "g");
  return [...source.matchAll(literals)].map(([, literal = ""]) => keyOf(literal));
}

/** Without its quotes, and {} for what it names. */
function keyOf(literal: string): string {
  return literal.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, "{}");
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("_generated"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
}
