/** Messages for tests of what channels make of them. */
import type { Message, MessageMachine } from "../../core/messages.ts";

const AT = Date.UTC(2026, 10, 21, 9, 2, 0);

/** Tries to format, to mention, to link, to break out, to hide and to look like a placeholder. */
export const HOSTILE =
  '<b>x</b> <!channel> @everyone [l](http://evil.example) *b* _i_ `c` "q" \\ {{id}} &amp; \u202Etxt';

export function machine(differences: Partial<MessageMachine> = {}): MessageMachine {
  return {
    machineId: "V1StGXR8_Z5jdHi6B-myT",
    name: "web-1",
    hostname: "web-1.example.com",
    description: "",
    status: "offline",
    lastSeenAt: AT - 120_000,
    at: AT,
    durationMs: 120_000,
    ...differences,
  };
}

export function message(differences: Partial<Message> = {}): Message {
  const machines = differences.machines ?? [machine()];
  return {
    id: "delivery1",
    event: "machine.offline",
    machines,
    count: machines.length,
    massSilence: null,
    problem: null,
    queuedAt: AT,
    pageUrl: "https://rollcall.example",
    acknowledgeUrl: "https://rollcall.example/a/delivery1.0123456789abcdef",
    resolves: [],
    ...differences,
  };
}
