/**
 * Which pages may open a sync socket. Browsers let any page open a WebSocket to any server and only say where it is from;
 * the HTTP API needs no such check, since it is authenticated by headers that a foreign page does not have.
 */
import { type IncomingMessage } from "node:http";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export class Origins {
  readonly #allowed: ReadonlySet<string>;

  /** `allowed` are origins such as `https://app.example.com`, or `*` for all. */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.flatMap((one) => (one === "*" ? one : (originOf(one) ?? []))));
  }

  /** Who says no origin is no page. Pages that we have served, and those of this machine (development), are welcome. */
  admits({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    if (origin === undefined || this.#allowed.has("*") || this.#allowed.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    return url.host === host?.toLowerCase() || LOOPBACK.test(url.hostname);
  }
}

const originOf = (address: string): string | null =>
  URL.canParse(address) ? new URL(address).origin : null;
