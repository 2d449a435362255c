/** HTTP actions: routing, requests, answers. */
import { expect } from "vitest";
import type { Topic } from "../session.ts";

export const http = {
  "a route answers with its status, headers and body": async (t) => {
    const response = await t.fetch("/hello?name=web-1");
    expect(response.status).toBe(200);
    expect(response.headers.get("x-contract")).toBe("yes");
    expect(await response.text()).toBe("hello web-1");
  },

  "bodies and headers come and go unchanged": async (t) => {
    const body = new Uint8Array(4096).map((_, index) => index % 256);
    const response = await t.fetch("/echo", {
      method: "POST",
      body,
      headers: { "content-type": "application/x-web-1", "x-ask": "a, b" },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe("application/x-web-1");
    expect(response.headers.get("x-method")).toBe("POST");
    expect(response.headers.get("x-asked")).toBe("a, b");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
  },

  "an answer may have no body": async (t) => {
    const response = await t.fetch("/nothing", { method: "DELETE" });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
  },

  "an exact path wins over a prefix, a longer prefix over a shorter": async (t) => {
    expect(await (await t.fetch("/files/a/b")).text()).toBe("prefix /files/a/b");
    expect(await (await t.fetch("/files/exact")).text()).toBe("exact");
    expect(await (await t.fetch("/files/deep/a")).text()).toBe("deeper prefix");
  },

  "an unknown path and a wrong method are not found": async (t) => {
    expect((await t.fetch("/nowhere")).status).toBe(404);
    expect((await t.fetch("/hello/more")).status).toBe(404);
    expect((await t.fetch("/hello", { method: "POST", body: "" })).status).toBe(404);
    expect((await t.fetch("/echo")).status).toBe(404);
  },

  "what is not found says so in Convex's words": async (t) => {
    expect(await (await t.fetch("/nowhere")).text()).toBe("No matching routes found");
  },

  "an HTTP action runs mutations and queries": async (t) => {
    const response = await t.fetch("/steps", {
      method: "POST",
      body: JSON.stringify({ log: "http", step: "posted" }),
      headers: { "content-type": "application/json" },
    });
    expect(await response.json()).toEqual(["posted"]);
  },

  "an HTTP action knows who calls, and so do the functions that it runs": async (t) => {
    expect(await (await t.fetch("/whoami")).json()).toEqual({ own: null, nested: null });
    const alice = t.as({ subject: "alice" });
    expect(await (await alice.fetch("/whoami")).json()).toEqual({ own: "alice", nested: "alice" });
  },

  "an Authorization header that is no token of ours does not fail the request": async (t) => {
    for (const authorization of ["Bearer web-1:secret", "Bearer ", "Basic YTpi", "nonsense"]) {
      const response = await t.fetch("/whoami", { headers: { authorization } });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ own: null, nested: null });
    }
  },

  "a handler that fails answers 500": async (t) => {
    const response = await t.fetch("/fails");
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("Server Error");
  },
} satisfies Topic;
