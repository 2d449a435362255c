/**
 * The yardstick: the least that a server could do for a durable, authenticated heartbeat. node:http, JSON, SHA-256,
 * one row updated, one sample appended, one fsync for all requests that arrived together. No functions, no
 * validation, no subscriptions. Reads tokens from stdin, prints its port.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { json } from "node:stream/consumers";

const tokens = (await json(process.stdin)) as string[];
const folder = mkdtempSync(join(tmpdir(), "rollcall-bare-"));
const database = new DatabaseSync(join(folder, "bare.sqlite"));
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE machines (id TEXT PRIMARY KEY, secretHash BLOB, lastHeartbeatAt INTEGER, metrics TEXT) WITHOUT ROWID;
  CREATE TABLE samples (id INTEGER PRIMARY KEY, machine TEXT, at INTEGER, metrics TEXT);
`);
const addMachine = database.prepare("INSERT INTO machines (id, secretHash) VALUES (?, ?)");
const findMachine = database.prepare("SELECT secretHash FROM machines WHERE id = ?");
const updateMachine = database.prepare(
  "UPDATE machines SET lastHeartbeatAt = ?, metrics = ? WHERE id = ?",
);
const addSample = database.prepare("INSERT INTO samples (machine, at, metrics) VALUES (?, ?, ?)");
const sha256 = (text: string) => createHash("sha256").update(text).digest();

database.exec("BEGIN");
for (const token of tokens) {
  const [id = "", secret = ""] = token.split(":");
  addMachine.run(id, sha256(secret));
}
database.exec("COMMIT");

let group: { request: IncomingMessage; response: ServerResponse; body: string }[] = [];

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    if (group.push({ request, response, body }) === 1) setImmediate(commitGroup);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
  database.close();
  rmSync(folder, { recursive: true });
});

function commitGroup(): void {
  // Stopped meanwhile.
  if (!database.isOpen) return;
  const members = group;
  group = [];
  database.exec("BEGIN IMMEDIATE");
  const statuses = members.map(({ request, body }) => record(request, body));
  database.exec("COMMIT");
  members.forEach(({ response }, index) => {
    const text = JSON.stringify({ status: "online", serverTime: Date.now() });
    response
      .writeHead(statuses[index] ?? 500, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      })
      .end(text);
  });
}

function record(request: IncomingMessage, body: string): number {
  const [id = "", secret = ""] = (request.headers.authorization ?? "").slice(7).split(":");
  const machine = findMachine.get(id);
  if (!machine || !timingSafeEqual(machine.secretHash as Uint8Array, sha256(secret))) return 401;
  const { metrics } = JSON.parse(body) as { metrics: unknown };
  const text = JSON.stringify(metrics);
  const now = Date.now();
  updateMachine.run(now, text, id);
  addSample.run(id, now, text);
  return 200;
}
