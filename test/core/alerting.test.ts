import { describe, expect, test } from "vitest";
import { FLAP_WINDOW_MS, isFlapping, MAX_SILENCES } from "../../core/flapping.ts";
import { earliest, followUp, type ChannelFacts, type IncidentFacts } from "../../core/followUp.ts";
import { isMassSilence, leavesAt, type GroupFacts } from "../../core/grouping.ts";
import { MINUTE, SECOND } from "../../core/time.ts";

const now = 1_000_000_000;

describe("flapping", () => {
  const silences = (count: number, agoMs: number) => Array<number>(count).fill(now - agoMs);

  test("begins with one silence too many", () => {
    expect(isFlapping(silences(MAX_SILENCES - 1, MINUTE), now)).toBe(false);
    expect(isFlapping(silences(MAX_SILENCES, MINUTE), now)).toBe(true);
  });

  test("forgets what is long ago", () => {
    expect(isFlapping(silences(MAX_SILENCES, FLAP_WINDOW_MS), now)).toBe(false);
  });
});

describe("the follow-up of an incident", () => {
  const incident: IncidentFacts = { tellableSince: now, isAcknowledged: false, snoozedUntil: null };
  const channel: ChannelFacts = { delayMs: 0, repeatEveryMs: null, lastToldAt: null };
  const repeating = { ...channel, repeatEveryMs: 10 * MINUTE };
  const told = { ...repeating, lastToldAt: now };

  test.each<[string, IncidentFacts, ChannelFacts, number, ReturnType<typeof followUp>]>([
    ["tells at once", incident, channel, now, { action: "tell", nextAt: null }],
    ["tells and repeats", incident, repeating, now, { action: "tell", nextAt: now + 10 * MINUTE }],
    [
      "escalates after the delay",
      incident,
      { ...channel, delayMs: MINUTE },
      now,
      { action: "wait", nextAt: now + MINUTE },
    ],
    [
      "escalates then",
      incident,
      { ...channel, delayMs: MINUTE },
      now + MINUTE,
      { action: "tell", nextAt: null },
    ],
    [
      "tells once",
      incident,
      { ...channel, lastToldAt: now },
      now,
      { action: "wait", nextAt: null },
    ],
    ["waits to remind", incident, told, now + 1, { action: "wait", nextAt: now + 10 * MINUTE }],
    ["reminds", incident, told, now + 10 * MINUTE, { action: "remind", nextAt: now + 20 * MINUTE }],
    [
      "is silent once acknowledged",
      { ...incident, isAcknowledged: true },
      told,
      now + 10 * MINUTE,
      { action: "wait", nextAt: null },
    ],
    [
      "does not escalate what is acknowledged",
      { ...incident, isAcknowledged: true },
      { ...channel, delayMs: MINUTE },
      now + MINUTE,
      { action: "wait", nextAt: null },
    ],
    [
      "waits for the end of a snooze",
      { ...incident, snoozedUntil: now + 30 * MINUTE },
      told,
      now + 10 * MINUTE,
      { action: "wait", nextAt: now + 30 * MINUTE },
    ],
    [
      "goes on after a snooze",
      { ...incident, snoozedUntil: now + 30 * MINUTE },
      told,
      now + 30 * MINUTE,
      { action: "remind", nextAt: now + 40 * MINUTE },
    ],
  ])("%s", (_name, incidentFacts, channelFacts, at, expected) => {
    expect(followUp(incidentFacts, channelFacts, at)).toEqual(expected);
  });

  test("comes when the first of the channels needs it", () => {
    expect(earliest([null, 3, 2])).toBe(2);
    expect(earliest([null])).toBeNull();
  });
});

describe("a group of messages", () => {
  const group: GroupFacts = {
    openedAt: now,
    previousLeftAt: null,
    windowMs: 20 * SECOND,
    mayGrow: false,
    isGrowing: false,
    quietUntil: null,
  };

  test.each<[string, Partial<GroupFacts>, number, number]>([
    ["leaves at once where nobody can join", {}, now, now],
    ["waits for those that are late", { mayGrow: true }, now, now + 20 * SECOND],
    ["waits while others are joining", { isGrowing: true }, now + 30 * SECOND, now + 32 * SECOND],
    ["leaves when the last one joined", {}, now + 5 * SECOND, now + 5 * SECOND],
    ["keeps its distance", { previousLeftAt: now - SECOND }, now, now + 19 * SECOND],
    ["is free after its distance", { previousLeftAt: now - MINUTE }, now, now],
    ["waits for the morning", { quietUntil: now + 60 * MINUTE }, now, now + 60 * MINUTE],
  ])("%s", (_name, facts, at, expected) => {
    expect(leavesAt({ ...group, ...facts }, at)).toBe(expected);
  });

  test.each([
    [{ silent: 3, watched: 5 }, true],
    [{ silent: 2, watched: 4 }, false],
    [{ silent: 4, watched: 4 }, false],
    [{ silent: 20, watched: 40 }, false],
    [{ silent: 21, watched: 40 }, true],
  ])("%o points at the network or the monitor: %s", (facts, expected) => {
    expect(isMassSilence(facts)).toBe(expected);
  });
});
