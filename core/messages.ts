/**
 * What a message says, before any channel dresses it: a title that begins with the machine's name, and lines. The same
 * message says the same tomorrow: nothing here depends on when it is sent.
 */
import { formatDurationMs } from "./durations.ts";
import { plain } from "./escape.ts";
import { SECOND } from "./time.ts";

export type MessageEvent =
  | "machine.offline"
  | "machine.online"
  | "machine.late"
  | "machine.flapping"
  | "machine.reminder"
  | "channel.failing"
  | "test";

export interface MessageMachine {
  machineId: string;
  name: string;
  hostname: string | null;
  description: string;
  status: "online" | "offline";
  lastSeenAt: number | null;
  /** When it happened, and how long the silence or the outage before it was (milliseconds). */
  at: number;
  durationMs: number | null;
}

export interface Message {
  /** The idempotency key: the same for every attempt. */
  id: string;
  event: MessageEvent;
  /** Those that are named; `count` is how many there are. */
  machines: MessageMachine[];
  count: number;
  massSilence: { silent: number; watched: number } | null;
  problem: { channelName: string; error: string } | null;
  queuedAt: number;
  /** Where people look and where they acknowledge without signing in; null where there is no such address. */
  pageUrl: string | null;
  acknowledgeUrl: string | null;
  /** The messages that opened what this one ends, and how much of each is still open. */
  resolves: { id: string; unresolved: number }[];
}

const symbols: Record<MessageEvent, string> = {
  "machine.offline": "🔴",
  "machine.online": "🟢",
  "machine.late": "🟡",
  "machine.flapping": "🟠",
  "machine.reminder": "🔴",
  "channel.failing": "⚠️",
  test: "🔔",
};

export function symbolOf({ event }: Pick<Message, "event">): string {
  return symbols[event];
}

/** One line, the machine's name first. */
export function titleOf(message: Message): string {
  const { event, machines, count, problem } = message;
  const name = plain(machines[0]?.name ?? "");
  const others = count - 1;
  const subject = others <= 0 ? name : `${name} and ${others} other${others === 1 ? "" : "s"}`;
  const are = others <= 0 ? "is" : "are";
  switch (event) {
    case "machine.offline":
      return `${subject} ${are} offline`;
    case "machine.online":
      return `${subject} ${are} online again`;
    case "machine.late":
      return `${subject} ${are} late`;
    case "machine.flapping":
      return `${subject} ${are} flapping: offline again and again`;
    case "machine.reminder":
      return `${subject} ${are} still offline`;
    case "channel.failing":
      return `${plain(problem?.channelName ?? "A channel")} fails: messages do not arrive there`;
    case "test":
      return `${name}: this is a test message`;
    default:
      return event satisfies never;
  }
}

/** What stands under the title: causes first, then the machine's details, or a line for each of several. */
export function linesOf(message: Message): string[] {
  const { machines, count, massSilence, problem } = message;
  const lines: string[] = [];
  if (problem !== null) lines.push(`Last error: ${problem.error}`);
  if (massSilence !== null) {
    const { silent, watched } = massSilence;
    lines.push(
      `${silent} of ${watched} machines fell silent together: the network or this monitor is the likely cause.`,
    );
  }
  const [first] = machines;
  if (count === 1 && first !== undefined) lines.push(...detailsOf(message.event, first));
  else lines.push(...machines.map((machine) => lineOf(message.event, machine)));
  return lines.map(plain);
}

/** The lines, escaped and joined, as many as fit; what is left out is said. */
export function bodyOf(
  message: Message,
  { escape, maxLength }: { escape: (text: string) => string; maxLength: number },
): string {
  const lines = linesOf(message).map(escape);
  const unlisted = message.count - message.machines.length;
  const all = lines.join("\n");
  const rest = unlisted > 0 ? `\n${escape(`and ${unlisted} more`)}` : "";
  if (all.length + rest.length <= maxLength) return all + rest;
  const isList = message.count > 1;
  let body = "";
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index + unlisted;
    const note = isList ? `\n${escape(`and ${left} more`)}` : "";
    const next = body === "" ? line : `${body}\n${line}`;
    if (next.length + note.length > maxLength) return body + note;
    body = next;
  }
  return body;
}

/** Whether there is something to acknowledge. */
export function isAlarm({ event }: Pick<Message, "event">): boolean {
  return (
    event === "machine.offline" || event === "machine.flapping" || event === "machine.reminder"
  );
}

/** `2026-11-21 09:00:00 UTC`: the reader's zone is not known. */
export function formatInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function detailsOf(event: MessageEvent, machine: MessageMachine): string[] {
  const { hostname, description, lastSeenAt } = machine;
  const lines = [sentenceOf(event, machine)];
  if (event !== "machine.online" && lastSeenAt !== null) {
    lines.push(`Last seen: ${formatInstant(lastSeenAt)}`);
  }
  if (hostname !== null) lines.push(`Host: ${hostname}`);
  if (description !== "") lines.push(description);
  return lines;
}

function sentenceOf(event: MessageEvent, { at, durationMs }: MessageMachine): string {
  const when = formatInstant(at);
  const length = durationMs === null || durationMs < SECOND ? null : formatDurationMs(durationMs);
  switch (event) {
    case "machine.offline":
    case "machine.flapping":
    case "machine.late":
      return length === null ? `Since ${when}` : `Silent for ${length} at ${when}`;
    case "machine.online":
      return length === null ? `Back at ${when}` : `Back at ${when}, after ${length}`;
    case "machine.reminder":
      return length === null ? `Still at ${when}` : `For ${length} now, at ${when}`;
    case "channel.failing":
    case "test":
      return `Sent at ${when}`;
    default:
      return event satisfies never;
  }
}

function lineOf(event: MessageEvent, machine: MessageMachine): string {
  const { name, durationMs, lastSeenAt } = machine;
  if (event === "machine.online") {
    return durationMs === null ? `• ${name}` : `• ${name}, after ${formatDurationMs(durationMs)}`;
  }
  return lastSeenAt === null ? `• ${name}` : `• ${name}, last seen ${formatInstant(lastSeenAt)}`;
}
