import { afterEach, describe, expect, it } from "vitest";
import { RegistrationService } from "../../agent/service.ts";
import { TOKEN, WEB_1 } from "./fakes.ts";
import { type AgentServer, startServer } from "./server.ts";

let server: AgentServer;
afterEach(() => server.close());

function serviceFor(url: string) {
  const log: string[] = [];
  const service = new RegistrationService({
    url,
    token: TOKEN,
    version: "bot-7",
    metadata: { region: "north" },
    gauges: () => ({ assistantCount: 4 }),
    log: (_, message) => log.push(message),
  });
  return { service, log };
}

describe("RegistrationService", () => {
  it("S0.3 S0.4 registers, beats in the background, and shuts down with a goodbye", async () => {
    server = await startServer();
    const { service } = serviceFor(server.url);
    expect(service.machineId).toBe(WEB_1.machineId);
    expect(await service.register()).toBe(true);
    service.startHeartbeat();
    service.startHeartbeat();
    expect(service.isRunning).toBe(true);
    const heartbeat = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
    expect(heartbeat.body).toMatchObject({ assistantCount: 4, version: "bot-7" });
    await service.shutdown("upgrade");
    expect(service.isRunning).toBe(false);
    expect(server.received.map(({ path }) => path.split("/").at(-1))).toEqual([
      "register",
      "heartbeat",
      "goodbye",
    ]);
    expect(server.received[0]?.body).toMatchObject({
      version: "bot-7",
      metadata: { region: "north" },
    });
    expect(server.received.at(-1)?.body).toEqual({ reason: "upgrade" });
  });

  it("stops without a word when only the heartbeat is stopped", async () => {
    server = await startServer();
    const { service } = serviceFor(server.url);
    service.startHeartbeat();
    await server.waitFor(({ path }) => path.endsWith("heartbeat"));
    await service.stopHeartbeat();
    expect(service.isRunning).toBe(false);
    expect(server.received.some(({ path }) => path.endsWith("goodbye"))).toBe(false);
  });

  it("S0.5 survives a dead server with a log line", async () => {
    server = await startServer();
    const { service, log } = serviceFor("http://127.0.0.1:1");
    expect(await service.register()).toBe(false);
    service.startHeartbeat();
    await service.shutdown();
    expect(log.join("\n")).toContain("Not registered: http://127.0.0.1:1 cannot be reached");
  });

  it("survives gauges that throw", async () => {
    server = await startServer();
    const service = new RegistrationService({
      url: server.url,
      token: TOKEN,
      gauges: () => {
        throw new Error("no database");
      },
      log: () => undefined,
    });
    service.startHeartbeat();
    const heartbeat = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
    expect(heartbeat.body).not.toHaveProperty("assistantCount");
    await service.shutdown();
  });

  it("refuses a token that is none: a mistake of the program", () => {
    expect(() => new RegistrationService({ url: "http://a", token: "nonsense" })).toThrow(
      TypeError,
    );
  });
});
