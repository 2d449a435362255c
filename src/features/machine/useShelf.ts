import { useMutation } from "convex/react";
import { toast } from "sonner";
import { api } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";
import { changeMachines } from "@/lib/optimistic.ts";
import { texts } from "@/texts/texts.ts";

interface Named {
  machineId: string;
  name: string;
}

/** Pauses, archives and restores a machine. What takes it out of the fleet offers the way back in its message. */
export function useShelf({ machineId, name }: Named) {
  const pause = useMutation(api.machines.pause).withOptimisticUpdate((store) =>
    changeMachines(store, [machineId], () => ({ pausedAt: clock.now() })),
  );
  const resume = useMutation(api.machines.resume).withOptimisticUpdate((store) =>
    changeMachines(store, [machineId], () => ({ pausedAt: null })),
  );
  const archive = useMutation(api.machines.archive);
  const restore = useMutation(api.machines.restore);
  const told = async (work: () => Promise<unknown>, done: string, undo?: () => void) => {
    try {
      await work();
      const action = undo && { label: texts().machine.state.undo, onClick: undo };
      toast.success(done, action && { action });
      return true;
    } catch (error) {
      toast.error(messageOf(error));
      return false;
    }
  };
  const bringBack = async () =>
    await told(async () => await restore({ machineId }), texts().machine.state.restoredDone(name));
  return {
    setPaused: async (isPaused: boolean) =>
      await told(
        async () => await (isPaused ? pause : resume)({ machineId }),
        isPaused ? texts().machine.state.pausedDone : texts().machine.state.resumedDone,
      ),
    archive: async () =>
      await told(
        async () => await archive({ machineId }),
        texts().machine.state.archivedDone(name),
        () => void bringBack(),
      ),
    restore: bringBack,
    /** Tells that it was deleted, with the way back. */
    tellDeleted: () =>
      toast.success(texts().machine.state.deletedDone(name), {
        action: { label: texts().machine.state.undo, onClick: () => void bringBack() },
      }),
  };
}
