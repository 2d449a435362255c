import { mkdtempSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createCollector, machineReaders } from "../../agent/collect/collector.ts";
import { dockerSocket, readContainers } from "../../agent/collect/containers.ts";
import { heartbeatBodySchemaAccepts } from "./wire.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Something that listens where Docker would. */
async function docker(answer: RequestListener): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "rollcall-docker-")), "docker.sock");
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  return path;
}

describe("S2.4 the containers", () => {
  it("are those that Docker lists as running", async () => {
    const asked: string[] = [];
    const path = await docker((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(JSON.stringify([{ Id: "a" }, { Id: "b" }]));
    });
    const warnings: string[] = [];
    const collect = createCollector({
      readers: machineReaders({ diskPaths: ["/"], gaugesFile: null, dockerSocket: path }),
      now: Date.now,
      log: (_, message) => warnings.push(message),
    });
    const sample = await collect();
    expect(sample.metrics?.containerCount).toBe(2);
    expect(heartbeatBodySchemaAccepts(sample)).toBe(true);
    expect(asked).toEqual(["GET /containers/json"]);
    expect(warnings).toEqual([]);
  });

  it("may be none", async () => {
    const path = await docker((_, response) => response.end("[]"));
    expect(await readContainers(path)).toEqual({ metrics: { containerCount: 0 } });
  });

  it("are not known without Docker", async () => {
    expect(await readContainers(join(tmpdir(), "no-such.sock"))).toEqual({});
  });

  const strange: [string, RequestListener][] = [
    ["refuses", (_, response) => response.writeHead(403).end("[]")],
    ["answers garbage", (_, response) => response.end("<html>")],
    ["answers something else", (_, response) => response.end('{"length": 3}')],
    ["hangs up", (_, response) => response.destroy()],
    ["hangs up in the middle", (_, response) => response.write("[", () => response.destroy())],
    ["never answers", () => undefined],
    ["never ends", (_, response) => response.write("[")],
    ["answers more than is read", (_, response) => response.end(`[${" ".repeat(20_000)}]`)],
  ];
  it.each(strange)("are not known where the socket %s", async (_, answer) => {
    const path = await docker(answer);
    expect(await readContainers(path, { timeoutMs: 200, maxBytes: 10_000 })).toEqual({});
  });

  it.each([
    [undefined, "/var/run/docker.sock"],
    [" ", "/var/run/docker.sock"],
    ["unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"],
    ["tcp://127.0.0.1:2375", null],
    ["ssh://root@other", null],
  ])("with DOCKER_HOST=%s are asked of %s", (host, path) => {
    expect(dockerSocket({ DOCKER_HOST: host })).toBe(path);
  });
});
