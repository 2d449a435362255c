/** How many messages become one: when a group may leave, and when so much silence at once is rather our own. */
import { HOUR, SECOND } from "./time.ts";

export const DEFAULT_GROUP_WINDOW_MS = 20 * SECOND;
export const MAX_GROUP_WINDOW_MS = HOUR;
/** Machines that a message names; a longer list helps nobody and fits nowhere. The count is always the true one. */
export const MAX_LISTED = 100;

export interface GroupFacts {
  openedAt: number;
  /** When the group before it left, or null. */
  previousLeftAt: number | null;
  windowMs: number;
  /** Whether others may join soon: machines that are late, or others of the same silence that are not back yet. */
  mayGrow: boolean;
  /** Whether others are joining at this moment: a sweep that has found more than it can flip in one transaction. */
  isGrowing: boolean;
  quietUntil: number | null;
}

/** Longer than a sweep takes from one batch to the next. */
const GROWING_MS = 2 * SECOND;

/**
 * When the group leaves (milliseconds). At once where nobody else can join, so that one dead machine is told without
 * delay; else when its window ends; never within a window after the one before, and never in quiet hours.
 */
export function leavesAt(group: GroupFacts, now: number): number {
  const { openedAt, previousLeftAt, windowMs, mayGrow, isGrowing, quietUntil } = group;
  return Math.max(
    mayGrow || isGrowing ? openedAt + windowMs : now,
    isGrowing ? now + GROWING_MS : 0,
    previousLeftAt === null ? 0 : previousLeftAt + windowMs,
    quietUntil ?? 0,
    now,
  );
}

/** A fleet smaller than this has no "most of it". */
const MIN_FLEET = 5;

/** Whether more than half of those that were online fell silent together: then the cause is likely to be ours. */
export function isMassSilence({ silent, watched }: { silent: number; watched: number }): boolean {
  return watched >= MIN_FLEET && silent > watched / 2;
}
