/**
 * Functions that misbehave: the culprit gets an error, everybody else goes on. A machine beats over HTTP all the while.
 * `ISOLATION_ALL=1` tries every misdeed in every place.
 */
import { ConvexClient } from "convex/browser";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, failure } from "../contract/support/failure.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/isolationApp/convex/_generated/api.js";
import { kinds, type Misdeed } from "../fixtures/isolationApp/convex/misdeeds.ts";
import { DeployedApp } from "./support/deployedApp.ts";
import { Pulse } from "./support/pulse.ts";

const LIMITS = {
  transactionMs: 1_000,
  executorSilentMs: 1_500,
  httpSilentMs: 1_500,
  actionsSilentMs: 1_500,
  actionMs: 2_000,
  executorHeapMb: 128,
  actionsHeapMb: 128,
  buffersMb: 256,
};

let app: DeployedApp;
let pulse: Pulse;
beforeAll(async () => {
  const options = Object.entries(LIMITS).flatMap(([name, ms]) => ["--limit", `${name}=${ms}`]);
  app = await DeployedApp.deploy("isolationApp", {}, undefined, options);
});
afterAll(() => app.dispose());

beforeEach(async () => {
  pulse = new Pulse(`${app.backend.siteUrl}/beat/web-1`);
  await pulse.once();
});
/** Whatever has happened: heartbeats go on, and none that was answered is lost. */
afterEach(async () => {
  const before = pulse.answered;
  await eventually(
    () => pulse.answered,
    (count) => count > before,
  );
  await pulse.stop();
  expect(await app.query(api.beats.countOf, { machine: "web-1" })).toBeGreaterThanOrEqual(
    pulse.latestCount,
  );
});

type Case = [kind: Misdeed, told: RegExp];
const ALL = process.env["ISOLATION_ALL"] === "1";

/** The chosen ones, or all kinds with whatever they are told. */
const cases = (chosen: Case[]): Case[] =>
  ALL
    ? kinds
        .filter((kind) => kind !== "reject" && kind !== "throwLater")
        .map((kind) => chosen.find((one) => one[0] === kind) ?? [kind, /./])
    : chosen;

const NEVER = /Returned promise will never resolve/;
const TOO_LONG = /Function execution was stopped: a function ran for more than 1 s/;
const NO_EXIT = /Can't use process\.exit in Convex functions/;
const NO_KILL = /Can't use process\.kill in Convex functions/;

describe("a query", () => {
  it.each(
    cases([
      ["never", NEVER],
      ["loop", TOO_LONG],
      ["leftLoop", /interrupted by a restart/],
      ["exit", NO_EXIT],
      ["kill", NO_KILL],
      ["longArgument", /Invalid string length/],
    ]),
  )("that commits %s is told so", async (kind, told) => {
    expect((await failure(app.query(api.culprits.inQuery, { kind }))).message).toMatch(told);
  });

  it("that leaves a rejection or an exception behind harms nobody", async () => {
    for (const kind of ["reject", "throwLater"] as const)
      await app.query(api.culprits.inQuery, { kind });
    expect(pulse.failures).toEqual([]);
  });

  it("that ends its thread does not end the log for those who follow it", async () => {
    const follow = async (cursor: number) => {
      const headers = { authorization: `Convex ${app.backend.adminKey}` };
      const url = `${app.backend.url}/api/stream_function_logs?cursor=${cursor}`;
      const answer = await fetch(url, { headers });
      return (await answer.json()) as { entries: { identifier: string }[]; newCursor: number };
    };
    const { newCursor } = await follow(0);
    await failure(app.query(api.culprits.inQuery, { kind: "loop" }));
    await app.query(api.beats.entriesOf, { writer: "nobody" });
    await expect
      .poll(async () => (await follow(newCursor)).entries.map(({ identifier }) => identifier))
      .toContain("beats:entriesOf");
  });

  it("that is watched and starts to loop ends with an error, and its neighbours go on", async () => {
    const client = new ConvexClient(app.backend.url, { logger: false });
    try {
      const machine = `web-${Math.random()}`;
      const culprit = watch(client, api.culprits.inQueryAfterBeat, { kind: "loop", machine });
      const neighbour = watch(client, api.beats.countOf, { machine });
      await culprit.until((result) => result === "calm");
      await fetch(`${app.backend.siteUrl}/beat/${machine}`, { method: "POST" });
      await eventually(
        () => culprit.errors.length,
        (count) => count > 0,
      );
      expect(culprit.errors[0]?.message).toMatch(TOO_LONG);
      await neighbour.until((count) => count === 1);
      // What has ended a thread is tried again with other code or another environment.
      await app.setEnvironment({ BEATS_ARE_HARMLESS: "yes" });
      await culprit.until((result) => result === "harmless");
    } finally {
      await client.close();
    }
  });
});

describe("a mutation", () => {
  it("survives a child that throws what cannot be shown", async () => {
    await app.mutation(api.culprits.catchesUnshowable, { writer: "unshowable" });
    expect(await app.query(api.beats.entriesOf, { writer: "unshowable" })).toEqual([1, 2]);
  });

  it("that does not wait for its child loses what that wrote, and nobody else loses anything", async () => {
    const calls: Promise<unknown>[] = [];
    for (const fails of [true, false]) {
      const left = { writer: `left ${fails}`, milliseconds: 20, fails };
      calls.push(app.mutation(api.culprits.leavesChild, left));
      const inside = { ...left, writer: `left inside ${fails}` };
      calls.push(app.mutation(api.culprits.leavesGrandchild, inside));
      const waited = { writer: `waited ${fails}`, milliseconds: 80, fails: false };
      calls.push(app.mutation(api.culprits.waitsForChild, waited));
    }
    await Promise.all(calls);
    const entriesOf = (writer: string) => app.query(api.beats.entriesOf, { writer });
    for (const fails of [true, false]) {
      expect(await entriesOf(`left ${fails}`)).toEqual([]);
      expect(await entriesOf(`left inside ${fails}`)).toEqual([0, 9]);
      expect(await entriesOf(`waited ${fails}`)).toEqual([1, 2]);
    }
  });

  it.each(
    cases([
      ["loopOfPromises", TOO_LONG],
      ["hoardBytes", /Function execution was stopped/],
    ]),
  )("that commits %s is told so and writes nothing", async (kind, told) => {
    const { message } = await failure(app.mutation(api.culprits.inMutation, { kind }));
    expect(message).toMatch(told);
    const entries = await app.query(api.beats.entriesOf, { writer: `culprit ${kind}` });
    expect(entries).toEqual([]);
  });

  it("of a client that waits for others is done once, whatever happens in between", async () => {
    const client = new ConvexClient(app.backend.url, { logger: false });
    try {
      const writer = `writer ${Math.random()}`;
      const sent = Array.from({ length: 20 }, (_, sequence) =>
        client.mutation(api.beats.enter, { writer, sequence }),
      );
      void app.query(api.culprits.inQuery, { kind: "loop" }).catch(() => undefined);
      const more = Array.from({ length: 20 }, (_, at) =>
        client.mutation(api.beats.enter, { writer, sequence: 20 + at }),
      );
      await Promise.all([...sent, ...more]);
      const sequence = Array.from({ length: 40 }, (_, at) => at);
      expect(await app.query(api.beats.entriesOf, { writer })).toEqual(sequence);
    } finally {
      await client.close();
    }
  });

  it("that is scheduled and loops fails once, and is not run again", async () => {
    const id = await app.mutation(api.culprits.later, { kind: "loop", what: "mutation" });
    const state = await eventually(
      () => app.query(api.culprits.jobState, { id }).catch(() => "pending"),
      (kind) => kind !== "pending" && kind !== "inProgress",
    );
    expect(state).toBe("failed");
  });
});

describe("an action", () => {
  const told: Case[] = [
    ["never", /Function execution timed out \(maximum duration: 2s\)/],
    ["loop", /its worker was ended \(it did not answer for 1\.5 s\)/],
    ["exit", NO_EXIT],
    ["kill", NO_KILL],
    ["hoard", /its worker was ended/],
  ];
  it.each(cases(told))("that commits %s is told so, and no heartbeat fails", async (kind, text) => {
    expect((await failure(app.action(api.culprits.inAction, { kind }))).message).toMatch(text);
    expect(pulse.failures).toEqual([]);
  });

  it("of the Node.js environment that loops is ended, too", async () => {
    const call = app.action(api.nodeCulprits.inNodeAction, { kind: "loop" });
    expect((await failure(call)).message).toMatch(/its worker was ended/);
    expect(pulse.failures).toEqual([]);
  });

  it("that leaves a rejection or an exception behind harms nobody", async () => {
    for (const kind of ["reject", "throwLater"] as const)
      await app.action(api.culprits.inAction, { kind });
    expect(pulse.failures).toEqual([]);
  });

  it("learns that the mutation that it called was ended", async () => {
    const call = app.action(api.culprits.inMutationOfAction, { kind: "never" });
    expect((await failure(call)).message).toMatch(NEVER);
  });
});

describe("an HTTP action", () => {
  const call = async (kind: Misdeed) => {
    const response = await fetch(`${app.backend.siteUrl}/culprit/${kind}`, { method: "POST" });
    return `${response.status} ${await response.text()}`;
  };

  it.each(
    cases([
      ["never", /^500 .*Function execution timed out/],
      ["loop", /^500 .*it did not answer for 1\.5 s/],
      ["exit", NO_EXIT],
    ]),
  )("that commits %s is answered with an error", async (kind, told) => {
    expect(await call(kind)).toMatch(told);
  });
});

describe("a module that misbehaves while it is loaded", () => {
  it.each([
    ["throw", /refuses to be loaded/],
    ["exit", /atImport\.js .* ends the process/],
    ["never", /atImport\.js awaits something that never comes/],
  ])("(%s) is refused with the change that made it do so", async (misdeed, told) => {
    const { message } = await failure(app.setEnvironment({ AT_IMPORT: misdeed }));
    expect(message).toMatch(told);
    expect(pulse.failures).toEqual([]);
    expect(await app.query(api.atImport.loaded, {})).toBe("loaded");
    // It is not stored, or every other change would fail, too.
    await app.setEnvironment({ OTHER: misdeed });
    expect(await app.query(api.atImport.loaded, {})).toBe("loaded");
  });
});
