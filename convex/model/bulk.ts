/** One action on many machines. Those that are not (or no longer) the caller's are skipped and counted. */
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import * as Shelves from "./shelves.ts";
import { parseTags } from "./texts.ts";

/** Each machine is a handful of writes, and all are one transaction. */
export const MAX_MACHINES_PER_CALL = 500;

export type BulkAction =
  | { kind: "addTags"; tags: string[] }
  | { kind: "removeTags"; tags: string[] }
  | { kind: "pause" }
  | { kind: "resume" }
  | { kind: "archive" }
  | { kind: "delete" }
  | { kind: "restore" };

export async function apply(
  ctx: MutationCtx,
  { member, machineIds, action }: { member: Member; machineIds: string[]; action: BulkAction },
): Promise<{ changed: number; skipped: number }> {
  if (machineIds.length > MAX_MACHINES_PER_CALL) {
    fail({
      kind: "invalid",
      field: "machineIds",
      message: `Name at most ${MAX_MACHINES_PER_CALL} machines at once.`,
    });
  }
  const { workspaceId } = member;
  const named = await Machines.named(ctx, { workspaceId, machineIds });
  const wanted = named.filter(
    (machine) => action.kind === "restore" || machine.shelf === undefined,
  );
  for (const machine of wanted) await applyTo(ctx, machine, action);
  return { changed: wanted.length, skipped: machineIds.length - wanted.length };
}

async function applyTo(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  action: BulkAction,
): Promise<void> {
  switch (action.kind) {
    case "addTags":
      return await setTags(ctx, machine, [...machine.tags, ...action.tags]);
    case "removeTags": {
      const removed = new Set(parseTags(action.tags));
      return await setTags(
        ctx,
        machine,
        machine.tags.filter((tag) => !removed.has(tag)),
      );
    }
    case "pause":
      return await Machines.setPaused(ctx, { machine, isPaused: true });
    case "resume":
      return await Machines.setPaused(ctx, { machine, isPaused: false });
    case "archive":
      return await Shelves.put(ctx, { machine, shelf: "archived" });
    case "delete":
      return await Shelves.put(ctx, { machine, shelf: "deleted" });
    case "restore":
      return await Shelves.restore(ctx, machine);
    default:
      return action satisfies never;
  }
}

async function setTags(ctx: MutationCtx, machine: Doc<"machines">, tags: string[]): Promise<void> {
  const parsed = parseTags([...new Set(tags.map((tag) => tag.trim()))]);
  if (parsed.join("\n") === machine.tags.join("\n")) return;
  await Machines.setTags(ctx, { machine, tags: parsed });
}
