/**
 * Tells from the boot ids of an agent's requests whether two machines share one token. A restart moves on to a new
 * boot and never comes back; two boots that take turns are two machines.
 */
import { MINUTE } from "./time.ts";

/** A boot that was heard longer ago than this may have been stopped and started again on purpose. */
const MEMORY_MS = 15 * MINUTE;
/** Somebody may try a token elsewhere and go back once; taking turns is another matter. */
const RETURNS_OF_A_CLASH = 2;

export interface Boot {
  bootId: string;
  hostname?: string;
  ipAddress?: string;
  /** Milliseconds since 1970. Of the current boot: when it took over. */
  lastSeenAt: number;
}

export interface Boots {
  current: Boot;
  previous?: Boot;
  /** How often in a row the boot before came back. */
  returns?: number;
}

/**
 * The boots after a request of `boot`, and those that clash, if they do. `heardAt`: when the machine was heard before.
 * The same object comes back where nothing changed.
 */
export function followBoots(
  boots: Boots | undefined,
  boot: Boot,
  heardAt: number,
): { boots: Boots; clash: [Boot, Boot] | null } {
  if (boots === undefined) return { boots: { current: boot }, clash: null };
  const { current, previous } = boots;
  if (current.bootId === boot.bootId) return { boots: enrich(boots, boot), clash: null };
  const left = { ...current, lastSeenAt: heardAt };
  const isReturn =
    previous?.bootId === boot.bootId && boot.lastSeenAt - previous.lastSeenAt < MEMORY_MS;
  if (!isReturn) return { boots: { current: boot, previous: left }, clash: null };
  const returned = { ...previous, ...boot };
  const returns = (boots.returns ?? 0) + 1;
  return {
    boots: { current: returned, previous: left, returns },
    clash: returns >= RETURNS_OF_A_CLASH ? [returned, left] : null,
  };
}

/** Registration tells more of a boot than a heartbeat does. */
function enrich(boots: Boots, { hostname, ipAddress }: Boot): Boots {
  const { current } = boots;
  const isKnown =
    (hostname ?? current.hostname) === current.hostname &&
    (ipAddress ?? current.ipAddress) === current.ipAddress;
  if (isKnown) return boots;
  return {
    ...boots,
    current: {
      ...current,
      ...(hostname === undefined ? {} : { hostname }),
      ...(ipAddress === undefined ? {} : { ipAddress }),
    },
  };
}
