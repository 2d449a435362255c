/** Heartbeats as agents send them, from this process: all once, or a few machines steadily, with their latencies. */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

interface Target {
  port: number;
  tokens: string[];
}

/** One heartbeat of each machine. Returns when each was answered (milliseconds since 1970). */
export async function beatOnce({
  port,
  tokens,
  connections,
}: Target & { connections: number }): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answeredAt: number[] = [];
  let next = 0;
  const beatSome = async () => {
    for (let index = next++; index < tokens.length; index = next++) {
      await beat(port, tokens[index] ?? "", agent);
      answeredAt[index] = Date.now();
    }
  };
  await Promise.all(Array.from({ length: connections }, beatSome));
  agent.destroy();
  return answeredAt;
}

export interface Steady {
  /** The latencies since the last call, in milliseconds. */
  take: () => number[];
  stop: () => void;
}

/** One machine after the other, one every so often, whether the one before was answered or not. */
export function beatSteadily({ port, tokens, everyMs }: Target & { everyMs: number }): Steady {
  const agent = new Agent({ keepAlive: true });
  let latenciesMs: number[] = [];
  let isOver = false;
  const run = async () => {
    for (let index = 0; !isOver; index++) {
      const startedAt = performance.now();
      void beat(port, tokens[index % tokens.length] ?? "", agent).then(
        () => latenciesMs.push(performance.now() - startedAt),
        (error: unknown) => {
          if (!isOver) throw error;
        },
      );
      await sleep(everyMs);
    }
  };
  void run();
  return {
    take: () => {
      const taken = latenciesMs;
      latenciesMs = [];
      return taken;
    },
    stop: () => {
      isOver = true;
      agent.destroy();
    },
  };
}

async function beat(port: number, token: string, agent: Agent): Promise<void> {
  await new Promise<void>((done, refuse) => {
    const headers = { authorization: `Bearer ${token}`, "content-length": 2 };
    const options = { port, method: "POST", path: "/agent/v1/heartbeat", headers, agent };
    const outgoing = request({ host: "127.0.0.1", ...options }, (answer) => {
      answer.resume();
      answer.on("end", () => {
        if (answer.statusCode === 200) done();
        else refuse(new Error(`a heartbeat was answered with ${answer.statusCode}`));
      });
    });
    outgoing.on("error", refuse);
    outgoing.end("{}");
  });
}
