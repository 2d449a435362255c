/**
 * The life of a machine as one table: what each event makes of each state, and what it does to the incident. Events
 * without a cell are forbidden. Pausing and maintenance lie over the life and never stop it: they gate what is told.
 */

/** `late` is never stored: time alone makes it, and no one writes it down. */
export type LifeState = "waiting" | "online" | "late" | "offline" | "stopped";
export type LifeEvent = "beat" | "intervalPassed" | "deadlinePassed" | "goodbye";
export type IncidentEffect = "opens" | "closes" | "stays";

export interface Transition {
  to: LifeState;
  /** "closes" and "stays" where no incident is open do nothing. */
  incident: IncidentEffect;
}

const online: Transition = { to: "online", incident: "stays" };
const recovered: Transition = { to: "online", incident: "closes" };
const stopped: Transition = { to: "stopped", incident: "stays" };
const silent: Transition = { to: "offline", incident: "opens" };

const table: Record<LifeState, Partial<Record<LifeEvent, Transition>>> = {
  waiting: { beat: online, goodbye: stopped },
  online: {
    beat: online,
    intervalPassed: { to: "late", incident: "stays" },
    deadlinePassed: silent,
    goodbye: stopped,
  },
  late: { beat: online, deadlinePassed: silent, goodbye: stopped },
  offline: { beat: recovered, goodbye: stopped },
  // It may have fallen silent before it said goodbye. Its deadline is the time when it said that it would be back.
  stopped: { beat: recovered, deadlinePassed: silent, goodbye: stopped },
};

/** What the event makes of the state, or null where it must not happen. */
export function transition(state: LifeState, event: LifeEvent): Transition | null {
  return table[state][event] ?? null;
}

/** What lies over a machine's life. */
export interface Overlay {
  isPaused: boolean;
  isInMaintenance: boolean;
}
export type OverlayEvent = "pause" | "resume" | "maintenanceBegins" | "maintenanceEnds";

/** The overlay after the event, or null where it must not happen (pausing what is paused). */
export function overlayAfter(overlay: Overlay, event: OverlayEvent): Overlay | null {
  switch (event) {
    case "pause":
      return overlay.isPaused ? null : { ...overlay, isPaused: true };
    case "resume":
      return overlay.isPaused ? { ...overlay, isPaused: false } : null;
    case "maintenanceBegins":
      return overlay.isInMaintenance ? null : { ...overlay, isInMaintenance: true };
    case "maintenanceEnds":
      return overlay.isInMaintenance ? { ...overlay, isInMaintenance: false } : null;
    default:
      return event satisfies never;
  }
}

export type VisibleState = LifeState | "paused" | "maintenance";

/** What is shown: a pause hides the life; maintenance only explains a silence, and an online machine stays online. */
export function visibleState(
  life: LifeState,
  { isPaused, isInMaintenance }: Overlay,
): VisibleState {
  if (isPaused) return "paused";
  return isInMaintenance && (life === "late" || life === "offline") ? "maintenance" : life;
}
