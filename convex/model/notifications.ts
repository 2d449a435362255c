/** Who is told about what. Sending is the outbox's business: see deliveries.ts. */
import type { Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import * as Channels from "./channels.ts";
import * as Deliveries from "./deliveries.ts";
import * as RateLimits from "./rateLimits.ts";

const sampleMachine = {
  machineId: "V1StGXR8_Z5jdHi6B-myT",
  name: "web-1",
  hostname: "web-1.example.com",
  description: "A sample machine: this message is a test.",
  status: "online" as const,
};

/** One row for each channel that wants the event; the caller wakes the senders. Grouping of flips belongs here. */
export async function queue(ctx: MutationCtx, event: Deliveries.Event): Promise<void> {
  const channels = await Channels.ofWorkspace(ctx, event.workspaceId);
  for (const channel of channels) await Deliveries.queue(ctx, { channel, ...event });
}

/** Queues a message about a machine that does not exist, in the form of the real ones. */
export async function test(
  ctx: MutationCtx,
  { member, channelId }: { member: Member; channelId: Id<"channels"> },
): Promise<Id<"deliveries">> {
  const channel = await Channels.get(ctx, { member, channelId });
  const { workspaceId } = channel;
  await RateLimits.use(ctx, "channelTest", workspaceId);
  const machine = { ...sampleMachine, lastSeenAt: Date.now() };
  const deliveryId = await Deliveries.queue(ctx, { channel, workspaceId, event: "test", machine });
  await Deliveries.wake(ctx);
  return deliveryId;
}
