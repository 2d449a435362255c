/**
 * The globals that user code finds in a worker: `Convex`, console, environment, and inside transactions a clock that
 * stands still, no network and no timers. Each asks for the current frame and is the platform's own outside of one.
 */
import { createHash } from "node:crypto";
import { format } from "node:util";
import { currentFrame, type Frame } from "./frame.ts";

export type Syscalls = {
  syscall(frame: Frame, op: string, args: string): string;
  /** May answer at once; throwing is rejecting. */
  asyncSyscall(frame: Frame, op: string, args: string): string | Promise<string>;
  jsSyscall(frame: Frame, op: string, args: Record<string, unknown>): unknown;
};

/** The environment while modules are being evaluated, when no function runs yet. */
let importEnvironment: Record<string, string> = {};

export function setImportEnvironment(environment: Record<string, string>): void {
  importEnvironment = environment;
}

export function installGlobals(syscalls: Syscalls): void {
  Object.assign(globalThis, { Convex: convexGlobal(syscalls) });
  installConsole();
  installClock();
  installEnvironment();
  protectProcess();
  forbidInTransactions("fetch", "fetch()");
  forbidInTransactions("setTimeout", "setTimeout");
  forbidInTransactions("setInterval", "setInterval");
  forbidInTransactions("setImmediate", "setImmediate");
  installCrypto();
}

function convexGlobal(syscalls: Syscalls) {
  const frame = (op: string): Frame => {
    const current = currentFrame();
    if (current === undefined)
      throw new Error(`Convex syscall ${op} was made outside of a Convex function.`);
    if (current.ended) {
      throw new Error(
        `${op} was called after ${current.path} had returned. Await every promise before returning.`,
      );
    }
    return current;
  };
  return {
    syscall: (op: string, args: string) => syscalls.syscall(frame(op), op, args),
    asyncSyscall: async (op: string, args: string) => syscalls.asyncSyscall(frame(op), op, args),
    jsSyscall: (op: string, args: Record<string, unknown>) =>
      syscalls.jsSyscall(frame(op), op, args),
  };
}

const LEVELS = { log: "LOG", debug: "DEBUG", info: "INFO", warn: "WARN", error: "ERROR" } as const;

function installConsole(): void {
  const target = globalThis.console;
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, string][]) {
    const original = target[method].bind(target);
    target[method] = (...parts: unknown[]) => {
      const frame = currentFrame();
      if (frame === undefined) original(...parts);
      else appendLogLine(frame, level, parts);
    };
  }
}

function appendLogLine(frame: Frame, level: string, parts: unknown[]): void {
  if (frame.log.isFull) return;
  const text = parts
    .map((part) => (typeof part === "string" ? `'${part}'` : format("%o", part)))
    .join(" ");
  frame.log.add(level, text);
}

function installClock(): void {
  const RealDate = Date;
  const now = () => currentFrame()?.transaction?.nowMs ?? RealDate.now();
  class TransactionDate extends RealDate {
    constructor(...parts: unknown[]) {
      if (parts.length === 0) super(now());
      else super(...(parts as [number]));
    }
    static override now(): number {
      return now();
    }
  }
  // `Date()` without `new` is a string in the platform's clock; nothing in Convex's documentation promises more.
  globalThis.Date = new Proxy(TransactionDate, {
    apply: () => new TransactionDate().toString(),
  }) as unknown as DateConstructor;
}

function installEnvironment(): void {
  const real = process.env;
  const environment = () => currentFrame()?.environment ?? importEnvironment;
  const view = new Proxy(real, {
    get: (target, name) =>
      typeof name === "string"
        ? (environment()[name] ?? (name === "NODE_ENV" ? target[name] : undefined))
        : undefined,
    has: (_target, name) => typeof name === "string" && name in environment(),
    ownKeys: () => Object.keys(environment()),
    getOwnPropertyDescriptor: (_target, name) =>
      typeof name === "string" && name in environment()
        ? { value: environment()[name], enumerable: true, configurable: true, writable: true }
        : undefined,
  });
  Object.defineProperty(process, "env", { value: view, configurable: true });
}

/** A function must not end what others run on. Code outside of functions, ours among it, keeps the platform's own. */
function protectProcess(): void {
  for (const name of ["exit", "reallyExit", "kill", "abort"] as const) {
    const original = (process as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
    const guarded = (...args: unknown[]): unknown => {
      if (currentFrame() !== undefined)
        throw new Error(`Can't use process.${name} in Convex functions.`);
      return original?.apply(process, args);
    };
    Object.defineProperty(process, name, { value: guarded, configurable: true, writable: true });
  }
}

function forbidInTransactions(
  name: "fetch" | "setTimeout" | "setInterval" | "setImmediate",
  shown: string,
): void {
  const original = globalThis[name] as (...args: unknown[]) => unknown;
  const guarded = (...args: unknown[]): unknown => {
    if (currentFrame()?.transaction != null) {
      throw new Error(
        `Can't use ${shown} in queries and mutations. Please consider using an action. ` +
          "See https://docs.convex.dev/functions/actions for more details.",
      );
    }
    return original(...args);
  };
  Object.assign(globalThis, { [name]: Object.assign(guarded, original) });
}

/** Hashes at once (a trip to the thread pool costs more than the hash); lets transactions wait for the rest. */
function installCrypto(): void {
  const { subtle } = globalThis.crypto;
  const prototype = Object.getPrototypeOf(subtle) as Record<string, unknown>;
  const digest = subtle.digest.bind(subtle);
  const counted = [
    "encrypt",
    "decrypt",
    "sign",
    "verify",
    "generateKey",
    "deriveKey",
    "deriveBits",
    "importKey",
    "exportKey",
    "wrapKey",
    "unwrapKey",
  ] as const;
  for (const name of counted) {
    const original = prototype[name] as (...args: unknown[]) => Promise<unknown>;
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      return waitedFor(original.apply(this, args));
    };
  }
  prototype["digest"] = async (algorithm: AlgorithmIdentifier, data: BufferSource) => {
    const name = HASHES[(typeof algorithm === "string" ? algorithm : algorithm.name).toUpperCase()];
    if (name === undefined || data.byteLength > 65_536) return waitedFor(digest(algorithm, data));
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const hash = createHash(name).update(bytes).digest();
    return hash.buffer.slice(hash.byteOffset, hash.byteOffset + hash.byteLength);
  };
}

const HASHES: Record<string, string> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function waitedFor<T>(promise: Promise<T>): Promise<T> {
  const transaction = currentFrame()?.transaction;
  if (transaction == null) return promise;
  transaction.pendingOperations++;
  return promise.finally(() => transaction.pendingOperations--);
}
