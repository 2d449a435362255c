import { describe, expect, test } from "vitest";
import {
  goodbyeBody,
  MAX_HEARTBEATS_PER_REQUEST,
  MAX_METADATA_BYTES,
  parseBody,
  parseHeartbeats,
  registerBody,
} from "../../core/agentApi.ts";
import { MAX_DISKS, MAX_GAUGES } from "../../core/gauges.ts";

const numbered = (length: number) =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`gauge${index}`, index]));

describe("a heartbeat body", () => {
  test("may be empty: a bare heartbeat", () => {
    expect(parseHeartbeats({})).toEqual({ ok: true, value: [{}] });
  });

  test("S2.4 carries metrics; unknown fields are ignored", () => {
    const body = { metrics: { cpuUsage: 12.5, gpu: 3 }, timestamp: "2026-01-01T00:00:00Z", x: 1 };
    expect(parseHeartbeats(body)).toEqual({
      ok: true,
      value: [{ metrics: { cpuUsage: 12.5 }, timestamp: Date.UTC(2026, 0, 1) }],
    });
  });

  test("a batch keeps its order", () => {
    const parsed = parseHeartbeats({ heartbeats: [{ sequence: 1 }, { sequence: 2 }] });
    expect(parsed).toEqual({ ok: true, value: [{ sequence: 1 }, { sequence: 2 }] });
  });

  test.each([
    ["badRequest", []],
    ["badRequest", null],
    ["badRequest", "text"],
    ["badRequest", { heartbeats: 3 }],
    ["badRequest", { metrics: { cpuUsage: "40" } }],
    ["badRequest", { timestamp: true }],
    ["notStorable", { metrics: { cpuUsage: 140 } }],
    ["notStorable", { metrics: { diskUsage: -1 } }],
    ["notStorable", { metrics: { cpuUsage: Number.POSITIVE_INFINITY } }],
    ["notStorable", { timestamp: "yesterday" }],
    ["notStorable", { timestamp: 1e300 }],
    ["notStorable", { assistantCount: 1.5 }],
    ["notStorable", { bootId: "a\nb" }],
    ["notStorable", { version: "v".repeat(101) }],
    ["notStorable", { gauges: { wörter: 1 } }],
    ["notStorable", { gauges: { _private: 1 } }],
    ["notStorable", { gauges: { ["g".repeat(65)]: 1 } }],
    ["notStorable", { gauges: numbered(MAX_GAUGES + 1) }],
    ["notStorable", { metrics: { disks: Array(MAX_DISKS + 1).fill({ mount: "/", usage: 1 }) } }],
    ["notStorable", { heartbeats: [] }],
    ["notStorable", { heartbeats: Array(MAX_HEARTBEATS_PER_REQUEST + 1).fill({}) }],
  ])("is refused as %s: %j", (code, body) => {
    expect(parseHeartbeats(body)).toMatchObject({ ok: false, code });
  });

  test("one wrong type among unusable values is a wrong shape", () => {
    const parsed = parseHeartbeats({ assistantCount: "3", metrics: { cpuUsage: 140 } });
    expect(parsed).toMatchObject({ ok: false, code: "badRequest" });
  });

  test("carries as many gauges and disks as are allowed", () => {
    const disks = Array(MAX_DISKS).fill({ mount: "/", usage: 1 });
    const body = { gauges: numbered(MAX_GAUGES), metrics: { disks } };
    expect(parseHeartbeats(body)).toEqual({ ok: true, value: [body] });
  });

  test("the answer says what a gauge may be called", () => {
    const parsed = parseHeartbeats({ gauges: { "a b": 1 } });
    expect(parsed).toMatchObject({
      issues: [
        { path: "gauges.a b", message: expect.stringContaining("begin with a letter") as string },
      ],
    });
  });

  test.each<[object, Record<string, string>]>([
    [
      { cpuUsage: 3, memoryUsage: 4 },
      { cpuUsage: "metrics", memoryUsage: "metrics" },
    ],
    [{ metrics: { assistantCount: 2 } }, { "metrics.assistantCount": "beside metrics" }],
    [{ heartbeats: [{}, { load1: 1 }] }, { "heartbeats.1.load1": "inside metrics" }],
    [
      { heartbeats: [{}], sequence: 7, swapUsage: 2 },
      { sequence: "beats", swapUsage: "beats" },
    ],
  ])("S2.4 names what stands in the wrong place: %j", (body, places) => {
    const ignored = Object.entries(places).map(([path, place]) => ({
      path,
      message: expect.stringContaining(place) as string,
    }));
    expect(parseHeartbeats(body)).toMatchObject({ ok: true, ignored });
  });

  test.each<object>([
    {},
    { sequence: 1, gauges: { players: 3, cpuUsage: 4 }, metrics: { cpuUsage: 3 } },
    { constructor: 1, toString: 2, cpuPercent: 3, metrics: { gpuUsage: 4, valueOf: 5 } },
    { heartbeats: [{ sequence: 1 }, { metrics: { load1: 1 } }], compression: "none" },
  ])("says nothing of what is in its place, or unknown: %j", (body) => {
    expect(parseHeartbeats(body)).not.toHaveProperty("ignored");
  });

  test("the answer says which field was wrong", () => {
    const parsed = parseHeartbeats({ heartbeats: [{}, { metrics: { cpuUsage: 140 } }] });
    expect(parsed).toMatchObject({ issues: [{ path: "heartbeats.1.metrics.cpuUsage" }] });
  });
});

describe("a registration", () => {
  test("S2.1 takes what the agent knows about its host", () => {
    const body = { hostname: " web-1.example ", capacity: { maxServers: 4 }, metadata: { a: [1] } };
    expect(parseBody(registerBody, body)).toEqual({
      ok: true,
      value: { hostname: "web-1.example", capacity: { maxServers: 4 }, metadata: { a: [1] } },
    });
  });

  test.each([
    ["badRequest", {}],
    ["badRequest", { hostname: 1 }],
    ["badRequest", { hostname: "web-1", metadata: [] }],
    ["notStorable", { hostname: "" }],
    ["notStorable", { hostname: "h".repeat(254) }],
    ["notStorable", { hostname: "web-1", metadata: { a: "x".repeat(MAX_METADATA_BYTES) } }],
  ])("is refused as %s: %j", (code, body) => {
    expect(parseBody(registerBody, body)).toMatchObject({ ok: false, code });
  });
});

test("a goodbye names one of three reasons", () => {
  expect(parseBody(goodbyeBody, { reason: "reboot" })).toMatchObject({ ok: true });
  expect(parseBody(goodbyeBody, { reason: "lunch" })).toMatchObject({ code: "badRequest" });
  expect(parseBody(goodbyeBody, {})).toMatchObject({ code: "badRequest" });
  expect(parseBody(goodbyeBody, { reason: "reboot", expectedBackInMs: -1 })).toMatchObject({
    code: "notStorable",
  });
});
