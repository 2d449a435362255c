/**
 * The agent's life: register, beat, buffer while nobody listens, register again, say goodbye. Time, chance and the
 * network come in as arguments; nothing here touches the machine.
 *
 *   registering ──accepted──▶ beating ──maxFailures in a row──▶ registering
 *        └── 410, the signal, or nothing worked ──┴──▶ ended
 */
import type { GoodbyeBody, HeartbeatBody, RegisterBody } from "../core/agentApi.ts";
import { MINUTE, SECOND } from "../core/time.ts";
import type { AgentClient, Answer } from "./client.ts";
import { createBuffer, type HeartbeatBuffer } from "./buffer.ts";

export interface Clock {
  /** Milliseconds that only go forward, whatever happens to the wall clock, and also while the machine sleeps. */
  monotonicMs(): number;
  /** Resolves after `ms`, or early when the signal fires. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds since 1970, as this machine believes. */
  wallMs(): number;
}

export interface AgentOptions {
  client: AgentClient;
  registration: () => RegisterBody;
  /** One sample with its own timestamp and without a sequence. */
  collect: () => Promise<HeartbeatBody>;
  /** null: the server's interval counts. */
  intervalMs: number | null;
  maxFailures: number;
  clock: Clock;
  random: () => number;
  log: (level: "info" | "warn" | "error", message: string) => void;
  /** Fires when the agent is to stop; `goodbyeReason` is asked then. null: leave without a word. */
  signal: AbortSignal;
  goodbyeReason: () => GoodbyeBody["reason"] | null;
  /** Already registered by somebody else in this program: begins with heartbeats. */
  isRegistered?: boolean;
  /** What is not confirmed yet; left out: in memory only. */
  buffer?: HeartbeatBuffer;
  /** Ends when nothing worked for so many intervals. Left out: never, since nobody would start us again. */
  giveUpAfterIntervals?: number;
}

export type AgentEnd = "stopped" | "machineDeleted" | "nothingWorks";

/** S2.2; after the last one, that pace is kept. They bound the start; later the interval is the bound. */
const RETRY_DELAYS_MS = [5, 10, 20, 40, 80].map((seconds) => seconds * SECOND);
/** So that a thousand agents do not come back in the same second. */
const JITTER = 0.2;
const DEFAULT_INTERVAL_MS = MINUTE;
const INTERVAL_LIMITS_MS = { min: SECOND, max: 24 * 60 * MINUTE };
/** A refused token becomes right only by a person's hand. */
const REFUSED_TOKEN_RETRY_MS = MINUTE;
/** The contract's limit for one request (core/agentApi.ts), and room for one that says "now". */
const MAX_BATCH = 99;
/** Leaves room for the rest of stopping within two seconds. */
const GOODBYE_TIMEOUT_MS = 1_500;

/** How long to wait after the failure number `failures` in a row, from 0: S2.2, and up to a fifth more. */
export function retryDelayMs(failures: number, random: () => number): number {
  const delayMs = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? MINUTE;
  return delayMs * (1 + JITTER * random());
}

/** Runs until the signal fires or the server says that the machine was deleted. */
export async function runAgent(options: AgentOptions): Promise<AgentEnd> {
  return await new AgentLoop(options).run();
}

class AgentLoop {
  readonly #options: AgentOptions;
  readonly #buffer: HeartbeatBuffer;
  #phase: "registering" | "beating" = "registering";
  #end: AgentEnd | null = null;
  /** Whether the server ever accepted us: only then is there something to say goodbye to. */
  #wasAccepted = false;
  #failures = 0;
  /** Since anything worked, whatever was tried. */
  #failedAttempts = 0;
  #workedAtMs: number;
  /** Halved while the server cannot use a batch, so that one bad heartbeat does not take a hundred with it. */
  #batchLimit = MAX_BATCH;
  #sequence = 0;
  #intervalMs: number;
  #nextSampleAtMs: number;
  #nextSendAtMs: number;
  #lastComplaint: string | null = null;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#buffer = options.buffer ?? createBuffer();
    if (options.isRegistered === true) {
      this.#phase = "beating";
      this.#wasAccepted = true;
    }
    this.#intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
    this.#nextSampleAtMs = this.#nextSendAtMs = this.#workedAtMs = options.clock.monotonicMs();
  }

  async run(): Promise<AgentEnd> {
    const { clock, signal } = this.#options;
    while (this.#end === null && !signal.aborted) {
      if (this.#phase === "registering" && this.#isSendDue()) await this.#register();
      // Before sending: what goes out ends with how the machine is now.
      else if (clock.monotonicMs() >= this.#nextSampleAtMs) await this.#sample();
      else if (this.#isSendDue()) await this.#beat();
      else await clock.sleep(this.#nextWakeAtMs() - clock.monotonicMs(), signal);
    }
    if (this.#end === "machineDeleted") this.#buffer.drop(this.#buffer.size);
    else this.#buffer.save();
    if (this.#end === null && this.#wasAccepted) await this.#sayGoodbye();
    return this.#end ?? "stopped";
  }

  #isSendDue(): boolean {
    const hasSomething = this.#phase === "registering" || this.#buffer.size > 0;
    return hasSomething && this.#options.clock.monotonicMs() >= this.#nextSendAtMs;
  }

  #nextWakeAtMs(): number {
    const hasSomething = this.#phase === "registering" || this.#buffer.size > 0;
    return hasSomething ? Math.min(this.#nextSampleAtMs, this.#nextSendAtMs) : this.#nextSampleAtMs;
  }

  async #sample(): Promise<void> {
    const sample = await this.#options.collect();
    this.#sequence += 1;
    this.#buffer.push({ ...sample, sequence: this.#sequence });
    this.#nextSampleAtMs += this.#intervalMs;
    const nowMs = this.#options.clock.monotonicMs();
    // After a long stall one sample is enough: the missed ones cannot be made up.
    if (this.#nextSampleAtMs <= nowMs) this.#nextSampleAtMs = nowMs + this.#intervalMs;
  }

  async #register(): Promise<void> {
    const { client, registration, signal, log } = this.#options;
    const answer = await client.register(registration(), signal);
    if (signal.aborted) return;
    if (answer.kind === "ok") {
      this.#accept();
      this.#phase = "beating";
      this.#adoptInterval(answer.value.heartbeatIntervalMs);
      log(
        "info",
        `Registered as "${answer.value.name}", a heartbeat every ${this.#intervalMs / SECOND} s`,
      );
    } else if (isUnusable(answer)) {
      // Heartbeats need no registration: better seen with old details than not seen.
      this.#complain("error", `The registration was refused: ${answer.message}`);
      this.#phase = "beating";
    } else {
      this.#handleFailure(answer);
    }
  }

  async #beat(): Promise<void> {
    const { client, signal } = this.#options;
    const batch = this.#buffer.oldest(this.#batchLimit);
    const answer = await client.heartbeat(this.#withLast(batch), signal);
    if (signal.aborted) return;
    if (answer.kind === "ok") {
      this.#buffer.drop(batch.length);
      this.#batchLimit = Math.min(this.#batchLimit * 2, MAX_BATCH);
      this.#accept();
      this.#adoptInterval(answer.value.nextHeartbeatMs);
    } else if (isUnusable(answer) && batch.length > 1) {
      this.#batchLimit = Math.ceil(batch.length / 2);
    } else if (isUnusable(answer) && batch.some(hasContent)) {
      this.#complain(
        "error",
        `A heartbeat was refused: ${answer.message}. Going on without its content`,
      );
      this.#replaceByBare(batch);
    } else {
      this.#handleFailure(answer);
    }
  }

  /** The server takes the last heartbeat of a batch for the present: part of a backlog gets one that says only "now". */
  #withLast(batch: HeartbeatBody[]): HeartbeatBody[] {
    if (batch.length === this.#buffer.size) return batch;
    const { bootId, sequence } = batch.at(-1) ?? {};
    const now = { timestamp: this.#options.clock.wallMs(), sequence };
    return [...batch, bootId === undefined ? now : { ...now, bootId }];
  }

  /** A sensor that reports nonsense must not make its machine look dead. */
  #replaceByBare(batch: HeartbeatBody[]): void {
    this.#buffer.drop(batch.length);
    if (this.#buffer.size === 0) this.#buffer.push({ sequence: this.#sequence });
  }

  #accept(): void {
    if (this.#lastComplaint !== null) this.#options.log("info", "The server accepts us again");
    this.#lastComplaint = null;
    this.#wasAccepted = true;
    this.#failures = this.#failedAttempts = 0;
    this.#nextSendAtMs = this.#workedAtMs = this.#options.clock.monotonicMs();
  }

  #handleFailure(answer: Exclude<Answer<unknown>, { kind: "ok" }>): void {
    const status = answer.kind === "refused" ? answer.httpStatus : null;
    const retryAfterMs = answer.kind === "refused" ? answer.retryAfterMs : null;
    this.#failedAttempts += 1;
    this.#buffer.save();
    if (status === 410) {
      this.#options.log("error", `${answer.message} Stopping for good.`);
      this.#end = "machineDeleted";
    } else if (status === 401) {
      this.#complain(
        "error",
        "The server refuses the token (401). Copy it again from the page, or rotate it there; trying again every minute",
      );
      this.#waitBeforeSending(REFUSED_TOKEN_RETRY_MS);
    } else if (status === 429) {
      this.#complain("warn", `Too many requests: ${answer.message}`);
      this.#waitBeforeSending(retryAfterMs ?? this.#intervalMs);
    } else {
      this.#complain("warn", answer.message);
      this.#countFailure(retryAfterMs);
    }
    if (this.#end === null && this.#isHopeless()) {
      const { log, giveUpAfterIntervals } = this.#options;
      log(
        "error",
        `Nothing has worked for ${giveUpAfterIntervals} intervals. Ending, to be started anew`,
      );
      this.#end = "nothingWorks";
    }
  }

  /** Asked after a failure only: waking from sleep, or waiting as long as the server wants, is no reason to give up. */
  #isHopeless(): boolean {
    const { giveUpAfterIntervals = Infinity, clock, maxFailures } = this.#options;
    // Who was never accepted has all retries of the start first (S2.2).
    const attempts = this.#wasAccepted ? maxFailures : RETRY_DELAYS_MS.length + 1;
    const silentMs = clock.monotonicMs() - this.#workedAtMs;
    return this.#failedAttempts >= attempts && silentMs >= giveUpAfterIntervals * this.#intervalMs;
  }

  #countFailure(retryAfterMs: number | null): void {
    const delayMs = RETRY_DELAYS_MS[Math.min(this.#failures, RETRY_DELAYS_MS.length - 1)] ?? MINUTE;
    this.#failures += 1;
    // Who was accepted is waited for: longer than an interval, a server that is back would call us silent.
    const boundedMs = this.#wasAccepted ? Math.min(delayMs, this.#intervalMs) : delayMs;
    this.#waitBeforeSending(retryAfterMs ?? boundedMs);
    if (this.#phase === "beating" && this.#failures >= this.#options.maxFailures) {
      this.#options.log("warn", `${this.#failures} heartbeats failed in a row, registering again`);
      this.#phase = "registering";
      this.#failures = 0;
      if (retryAfterMs === null) this.#nextSendAtMs = this.#options.clock.monotonicMs();
    }
  }

  #waitBeforeSending(delayMs: number): void {
    const jitteredMs = delayMs * (1 + JITTER * this.#options.random());
    this.#nextSendAtMs = this.#options.clock.monotonicMs() + jitteredMs;
  }

  /** The server's interval counts unless a person gave one here. */
  #adoptInterval(serverMs: unknown): void {
    if (this.#options.intervalMs !== null) return;
    if (typeof serverMs !== "number" || !Number.isFinite(serverMs)) return;
    const intervalMs = Math.min(Math.max(serverMs, INTERVAL_LIMITS_MS.min), INTERVAL_LIMITS_MS.max);
    this.#nextSampleAtMs += intervalMs - this.#intervalMs;
    this.#intervalMs = intervalMs;
  }

  /** Says a thing once, not at every attempt. */
  #complain(level: "warn" | "error", message: string): void {
    if (message !== this.#lastComplaint) this.#options.log(level, message);
    this.#lastComplaint = message;
  }

  async #sayGoodbye(): Promise<void> {
    const { client, goodbyeReason, log } = this.#options;
    const reason = goodbyeReason();
    if (reason === null) return;
    const answer = await client.goodbye({ reason }, AbortSignal.timeout(GOODBYE_TIMEOUT_MS));
    if (answer.kind === "ok") log("info", `Said goodbye (${reason})`);
    else log("warn", `No goodbye: ${answer.message}`);
  }
}

/** The server understood who we are and cannot use what we sent: the same again would be refused again. */
function isUnusable(
  answer: Answer<unknown>,
): answer is Extract<Answer<unknown>, { kind: "refused" }> {
  return answer.kind === "refused" && [400, 413, 422].includes(answer.httpStatus);
}

function hasContent(heartbeat: HeartbeatBody): boolean {
  return Object.keys(heartbeat).some((key) => key !== "sequence");
}
