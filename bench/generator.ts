/**
 * The load generator: keep-alive connections over raw sockets, one request at a time on each, as agents behave. Reads
 * a LoadPlan from stdin, writes a LoadResult to stdout. An HTTP client would cost more than the server under test.
 */
import { connect, type Socket } from "node:net";
import { json } from "node:stream/consumers";
import { percentile } from "./lib/benchmark.ts";
import type { LoadPlan, LoadResult } from "./lib/load.ts";

const plan = (await json(process.stdin)) as LoadPlan;
const requests =
  plan.bodies === undefined
    ? plan.tokens.map((token, index) =>
        requestOf(`Authorization: Bearer ${token}\r\n`, heartbeat(index)),
      )
    : plan.bodies.map((body) => requestOf("", body));
const latenciesMs: number[] = [];
const refused: Record<string, number> = {};
let nextRequest = 0;
let isMeasuring = false;
let isOver = false;

const sockets = await Promise.all(Array.from({ length: plan.connections }, openSocket));
for (const socket of sockets) drive(socket);
await seconds(plan.warmUpSeconds);
isMeasuring = true;
const startedAt = performance.now();
await seconds(plan.seconds);
isMeasuring = false;
const elapsedSeconds = (performance.now() - startedAt) / 1_000;
isOver = true;
for (const socket of sockets) socket.destroy();

latenciesMs.sort((a, b) => a - b);
const result: LoadResult = {
  requests: latenciesMs.length,
  refused,
  seconds: elapsedSeconds,
  p50Ms: percentile(latenciesMs, 0.5),
  p99Ms: percentile(latenciesMs, 0.99),
};
console.log(JSON.stringify(result));

function heartbeat(index: number): string {
  return JSON.stringify({
    sequence: index,
    bootId: "bench",
    metrics: {
      cpuUsage: index % 100,
      memoryUsage: 42.5,
      diskUsage: 71.2,
      networkRxBytes: 123_456_789,
      networkTxBytes: 98_765_432,
      load1: 0.42,
      uptimeSeconds: 86_400,
    },
  });
}

function requestOf(headers: string, body: string): Buffer {
  return Buffer.from(
    `POST ${plan.path} HTTP/1.1\r\nHost: localhost:${plan.port}\r\n${headers}` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function openSocket(): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ port: plan.port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

/** Keeps one request under way on the socket until the time is over. */
function drive(socket: Socket): void {
  let answer = "";
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    socket.write(requests[nextRequest++ % requests.length] ?? "");
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    answer = answer === "" ? chunk : answer + chunk;
    if (!isComplete(answer)) return;
    const status = answer.slice(9, 12);
    answer = "";
    if (isMeasuring && status === "200") latenciesMs.push(performance.now() - sentAt);
    else if (status !== "200") refused[status] = (refused[status] ?? 0) + 1;
    if (!isOver) send();
  });
  socket.on("close", () => {
    if (!isOver) throw new Error("The server closed a keep-alive connection under load");
  });
  send();
}

function isComplete(answer: string): boolean {
  const headEnd = answer.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const head = answer.slice(0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return answer.length >= headEnd + 4 + Number(length);
  return answer.endsWith("\r\n0\r\n\r\n");
}

async function seconds(count: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
