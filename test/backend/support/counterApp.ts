/** A small app for tests of sync/ and http/: counters by name, and functions that fail in every way. */
import { makeFunctionReference } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { FakeEngine } from "./fakeEngine.ts";

type Args = Record<string, Value>;

/** References to the functions below, as the official clients take them. */
export const counterRefs = {
  query: (name: string) => makeFunctionReference<"query", Args, Value>(`counters:${name}`),
  mutation: (name: string) => makeFunctionReference<"mutation", Args, Value>(`counters:${name}`),
  action: (name: string) => makeFunctionReference<"action", Args, Value>(`counters:${name}`),
};

const nameOf = ({ name }: Args): string => (typeof name === "string" ? name : "web-1");

export function counterApp(): FakeEngine {
  return new FakeEngine()
    .query("counters:get", ({ db }, args) => db.get(nameOf(args)) ?? 0)
    .query("counters:sum", ({ db }) =>
      [...db.values()].reduce<number>((sum, value) => sum + Number(value), 0),
    )
    .query("counters:whoAmI", ({ caller }) => caller.identity?.subject ?? null)
    .query("counters:large", (_context, args) => "€".repeat(Number(args["length"])))
    .query("counters:page", ({ db, journal, setJournal }) => {
      setJournal(journal ?? `end ${db.size}`);
      return [...db.keys()];
    })
    .query("counters:failing", ({ db }) => {
      throw new ConvexError({ kind: "notFound", size: db.size });
    })
    .mutation("counters:add", ({ db, log }, args) => {
      log("adding");
      const value = Number(db.get(nameOf(args)) ?? 0) + Number(args["by"] ?? 1);
      db.set(nameOf(args), value);
      return value;
    })
    .mutation("counters:nothing", () => null)
    .mutation("counters:refuse", ({ db }) => {
      db.set("web-1", 99);
      throw new ConvexError({ kind: "forbidden", message: "no" });
    })
    .mutation("counters:crash", () => {
      throw new Error("crashed");
    })
    .action("counters:double", (_context, args) => Number(args["value"]) * 2)
    .action("counters:failingAction", () => {
      throw new ConvexError(null);
    });
}
