/**
 * The agent as a library for a program that registers itself, such as a bot (S0.4). Whatever the server does,
 * the embedding program gets an answer and a log line, never an exception.
 */
import type { GoodbyeBody, HeartbeatBody, RegisterBody } from "../core/agentApi.ts";
import { SECOND } from "../core/time.ts";
import { parseToken } from "../core/token.ts";
import { type AgentClient, createClient } from "./client.ts";
import { createHttpPost } from "./httpPost.ts";
import { AGENT_VERSION, describeMachine, newBootId } from "./identity.ts";
import { type Clock, runAgent } from "./loop.ts";
import { systemClock } from "./platform.ts";

export interface RegistrationServiceOptions {
  /** Where agents report, e.g. `http://localhost:3211`. */
  url: string;
  /** `machineId:secret`. */
  token: string;
  /** Your program's version; shown per machine and in the version distribution. */
  version?: string;
  metadata?: Record<string, unknown>;
  /** Left out: the server's interval for this machine. */
  heartbeatIntervalMs?: number;
  requestTimeoutMs?: number;
  maxHeartbeatFailures?: number;
  /** Asked at each heartbeat for what this program wants to report, such as `{ gauges: { players: 17 } }`. */
  gauges?: () => Pick<HeartbeatBody, "assistantCount" | "gauges" | "metrics">;
  log?: (level: "info" | "warn" | "error", message: string) => void;
  clock?: Clock;
}

/** Registers this program and keeps its heartbeat going in the background. */
export class RegistrationService {
  readonly machineId: string;
  readonly #options: RegistrationServiceOptions;
  readonly #client: AgentClient;
  readonly #bootId = newBootId();
  #isRegistered = false;
  /** Whether the server may believe that we run, so that a goodbye is due. */
  #mayBeOnline = false;
  #running: { stop: AbortController; ended: Promise<unknown> } | null = null;
  #goodbyeReason: GoodbyeBody["reason"] | null = null;

  /** @throws TypeError when the token is not `machineId:secret`: that is a mistake of the program, not of the server. */
  constructor(options: RegistrationServiceOptions) {
    const token = parseToken(options.token);
    if (token === null) throw new TypeError("The token must be machineId:secret");
    this.machineId = token.machineId;
    this.#options = options;
    this.#client = createClient({
      url: options.url.replace(/\/+$/, ""),
      token: options.token.trim(),
      timeoutMs: options.requestTimeoutMs ?? 10 * SECOND,
      version: AGENT_VERSION,
      httpPost: createHttpPost(),
    });
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Registers once. False, with a log line, when the server did not accept it; `startHeartbeat` tries again. */
  async register(): Promise<boolean> {
    const signal = new AbortController().signal;
    const answer = await this.#client.register(this.#registration(), signal);
    if (answer.kind !== "ok") this.#log("warn", `Not registered: ${answer.message}`);
    this.#isRegistered = this.#mayBeOnline = answer.kind === "ok";
    return this.#isRegistered;
  }

  /** Starts beating in the background. Does nothing when it already does. */
  startHeartbeat(): void {
    if (this.#running !== null) return;
    this.#mayBeOnline = true;
    const stop = new AbortController();
    const ended = this.#run(stop.signal).then(() => {
      this.#running = null;
    });
    this.#running = { stop, ended };
  }

  /** Stops beating without a word: the server will call the machine offline after its threshold. */
  async stopHeartbeat(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  /** Stops beating and says goodbye, so that nobody is called. Takes two seconds at most. */
  async shutdown(reason: GoodbyeBody["reason"] = "shutdown"): Promise<void> {
    if (this.#running === null) {
      if (this.#mayBeOnline)
        await this.#client.goodbye({ reason }, AbortSignal.timeout(1.5 * SECOND));
    } else {
      this.#goodbyeReason = reason;
      await this.stopHeartbeat();
      this.#goodbyeReason = null;
    }
    this.#isRegistered = this.#mayBeOnline = false;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const options = this.#options;
    await runAgent({
      client: this.#client,
      registration: () => this.#registration(),
      collect: async () => this.#sample(),
      intervalMs: options.heartbeatIntervalMs ?? null,
      maxFailures: options.maxHeartbeatFailures ?? 3,
      clock: options.clock ?? systemClock,
      random: Math.random,
      log: this.#log,
      signal,
      goodbyeReason: () => this.#goodbyeReason,
      isRegistered: this.#isRegistered,
    });
  }

  #registration(): RegisterBody {
    const body = describeMachine({
      env: process.env,
      bootId: this.#bootId,
      rootDirectory: process.cwd(),
      maxServers: null,
    });
    const { version = AGENT_VERSION, metadata = {} } = this.#options;
    return { ...body, version, metadata: { ...body.metadata, ...metadata } };
  }

  #sample(): HeartbeatBody {
    const { version, gauges } = this.#options;
    const sample = {
      timestamp: Date.now(),
      bootId: this.#bootId,
      ...(version === undefined ? {} : { version }),
    };
    try {
      return { ...sample, ...gauges?.() };
    } catch (error) {
      this.#log("warn", `No gauges in this heartbeat: ${String(error)}`);
      return sample;
    }
  }

  readonly #log: NonNullable<RegistrationServiceOptions["log"]> = (level, message) => {
    if (this.#options.log !== undefined) this.#options.log(level, message);
    else process.stderr.write(`rollcall ${level}: ${message}\n`);
  };
}
