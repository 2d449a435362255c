import { useMutation } from "convex/react";
import { type FunctionArgs } from "convex/server";
import { useState } from "react";
import { toast } from "sonner";
import { api, type MachineRow } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";
import { changeMachines } from "@/lib/optimistic.ts";
import { texts } from "@/texts/texts.ts";
import { type FleetEntry } from "./fleetView.ts";

export type BulkAction = FunctionArgs<typeof api.machines.bulk>["action"];

/** The backend takes at most this many at once. */
const MAX_PER_CALL = 500;

/** One action on many machines, told in one message that offers the way back where there is one. */
export function useBulk(chosen: FleetEntry[]): {
  /** Whether it was done. Failures are told. */
  run: (action: BulkAction) => Promise<boolean>;
  isPending: boolean;
} {
  const bulk = useMutation(api.machines.bulk).withOptimisticUpdate(
    (store, { machineIds, action }) => {
      if (isShownAtOnce(action)) {
        changeMachines(store, machineIds, (machine) => outcomeFor(machine, action));
      }
    },
  );
  const [isPending, setIsPending] = useState(false);

  const call = async (machineIds: string[], action: BulkAction) => {
    let changed = 0;
    for (let start = 0; start < machineIds.length; start += MAX_PER_CALL) {
      const part = machineIds.slice(start, start + MAX_PER_CALL);
      changed += (await bulk({ machineIds: part, action })).changed;
    }
    return changed;
  };
  const tell = async (machineIds: string[], action: BulkAction): Promise<boolean> => {
    setIsPending(true);
    try {
      const changed = await call(machineIds, action);
      const back = undoOf(action);
      toast.success(outcomeOf(action, changed), {
        ...(back !== null && {
          action: { label: texts().fleet.bulk.undo, onClick: () => void tell(machineIds, back) },
        }),
      });
      return true;
    } catch (error) {
      toast.error(messageOf(error));
      return false;
    } finally {
      setIsPending(false);
    }
  };
  return {
    run: (action) =>
      tell(chosen.filter(({ machine }) => isNews(machine, action)).map(idOf), action),
    isPending,
  };
}

/** Whoever is paused already is left out: the way back must not resume what somebody else paused. */
function isNews({ pausedAt }: MachineRow, { kind }: BulkAction): boolean {
  return kind !== "pause" || pausedAt === null;
}

const idOf = ({ machine }: FleetEntry) => machine.machineId;

type AtOnce = Extract<BulkAction, { kind: "pause" | "resume" | "addTags" | "removeTags" }>;

/** What takes machines out of the list or brings them back waits for the backend: it may refuse. */
function isShownAtOnce(action: BulkAction): action is AtOnce {
  return ["pause", "resume", "addTags", "removeTags"].includes(action.kind);
}

function outcomeFor({ tags, pausedAt }: Pick<MachineRow, "tags" | "pausedAt">, action: AtOnce) {
  switch (action.kind) {
    case "pause":
      return { pausedAt: pausedAt ?? clock.now() };
    case "resume":
      return { pausedAt: null };
    case "addTags":
      return { tags: [...new Set([...tags, ...action.tags])] };
    case "removeTags":
      return { tags: tags.filter((tag) => !action.tags.includes(tag)) };
    default:
      return action satisfies never;
  }
}

/** "3 machines paused". */
function outcomeOf(action: BulkAction, changed: number): string {
  const { fleet, format } = texts();
  const machines = format.machines(changed);
  switch (action.kind) {
    case "addTags":
    case "removeTags":
      return fleet.bulk.done[action.kind](machines, action.tags.join(", "));
    case "pause":
    case "resume":
    case "archive":
    case "delete":
    case "restore":
      return fleet.bulk.done[action.kind](machines);
    default:
      return action satisfies never;
  }
}

/** Tags have no way back: some machines had them before. */
function undoOf(action: BulkAction): BulkAction | null {
  switch (action.kind) {
    case "pause":
      return { kind: "resume" };
    case "resume":
      return { kind: "pause" };
    case "archive":
    case "delete":
      return { kind: "restore" };
    case "addTags":
    case "removeTags":
    case "restore":
      return null;
    default:
      return action satisfies never;
  }
}
