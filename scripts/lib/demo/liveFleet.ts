/** The machines of the demo while it runs: they beat, and now and then one dies, restarts or is upgraded. */
import { randomUUID } from "node:crypto";
import { MINUTE, SECOND } from "../../../core/time.ts";
import { lastOnlyAt, valuesAt } from "./metrics.ts";
import { HEARTBEAT_INTERVAL_MS, type Placed } from "./stage.ts";
import type { Fate } from "./roster.ts";

/** Something happens to some machine about so often. */
const EVENT_EVERY_MS = 75 * SECOND;
const BUSY_FATES: Fate[] = ["runs", "paused"];

export class LiveFleet {
  readonly #siteUrl: string;
  readonly #runners: Runner[];

  constructor(siteUrl: string, { machines, now }: { machines: Placed[]; now: number }) {
    this.#siteUrl = siteUrl;
    this.#runners = machines
      .filter(({ character }) => BUSY_FATES.includes(character.fate))
      .map((placed) => ({
        placed,
        bootId: randomUUID(),
        bootedAt: now,
        silentUntil: 0,
        // Less than the past counted to: a restart, not a burst of gigabytes.
        rx: 0,
        tx: 0,
      }));
  }

  start(): void {
    for (const runner of this.#runners) {
      this.#after(Math.random() * HEARTBEAT_INTERVAL_MS, () => this.#beat(runner));
    }
    this.#after(EVENT_EVERY_MS / 2, () => this.#happen());
  }

  async #beat(runner: Runner): Promise<void> {
    const jitter = 0.9 + Math.random() * 0.2;
    this.#after(HEARTBEAT_INTERVAL_MS * jitter, () => this.#beat(runner));
    const now = Date.now();
    if (now < runner.silentUntil) return;
    await this.#send(runner, "heartbeat", heartbeatOf(runner, now));
  }

  async #happen(): Promise<void> {
    this.#after(EVENT_EVERY_MS * (0.5 + Math.random()), () => this.#happen());
    const runner = this.#runners[Math.floor(Math.random() * this.#runners.length)];
    if (runner === undefined || Date.now() < runner.silentUntil) return;
    if (Math.random() < 0.6) {
      runner.silentUntil = Date.now() + (1.2 + Math.random() * 2) * MINUTE;
      return;
    }
    const expectedBackInMs = 30 * SECOND;
    runner.silentUntil = Date.now() + expectedBackInMs / 2;
    await this.#send(runner, "goodbye", { reason: "reboot", expectedBackInMs });
    Object.assign(runner, { bootId: randomUUID(), bootedAt: runner.silentUntil, rx: 0, tx: 0 });
  }

  async #send({ placed }: Runner, call: "heartbeat" | "goodbye", body: unknown): Promise<void> {
    try {
      const answer = await fetch(`${this.#siteUrl}/agent/v1/${call}`, {
        method: "POST",
        headers: { authorization: `Bearer ${placed.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
    } catch {
      // The backend is on its way up or down; the next heartbeat tells.
    }
  }

  /** Until the process ends: the demo does nothing else. */
  #after(delayMs: number, act: () => Promise<void>): void {
    setTimeout(() => void act(), delayMs);
  }
}

interface Runner {
  placed: Placed;
  bootId: string;
  bootedAt: number;
  silentUntil: number;
  rx: number;
  tx: number;
}

function heartbeatOf(runner: Runner, now: number) {
  const {
    networkRxBytesPerSecond = 0,
    networkTxBytesPerSecond = 0,
    ...values
  } = valuesAt(runner.placed.character, now);
  const { disks, gauges } = lastOnlyAt(runner.placed.character, now);
  runner.rx += (networkRxBytesPerSecond * HEARTBEAT_INTERVAL_MS) / SECOND;
  runner.tx += (networkTxBytesPerSecond * HEARTBEAT_INTERVAL_MS) / SECOND;
  const { role, seed } = runner.placed.character;
  return {
    timestamp: now,
    bootId: runner.bootId,
    assistantCount: role.name === "game" ? seed % 8 : 0,
    ...(gauges && { gauges }),
    metrics: {
      ...values,
      ...(disks && { disks }),
      networkRxBytes: Math.round(runner.rx),
      networkTxBytes: Math.round(runner.tx),
      uptimeSeconds: Math.max(1, Math.round((now - runner.bootedAt) / SECOND)),
    },
  };
}
