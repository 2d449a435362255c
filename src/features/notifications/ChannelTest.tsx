import { useState } from "react";
import { toast } from "sonner";
import { DeliveryStateBadge } from "@/components/delivery/DeliveryStateBadge.tsx";
import { DeliveryStory } from "@/components/delivery/DeliveryStory.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel, type Delivery } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** A test is among a channel's latest messages. */
const LATEST = 5;

export interface ChannelTest {
  start: () => void;
  isPending: boolean;
  /** The message that was sent, once it is queued. */
  deliveryId: Delivery["deliveryId"] | null;
}

export function useChannelTest({ channelId }: Channel): ChannelTest {
  const { notifications: texts } = useTexts();
  const { call, isPending } = useCall(api.channels.test);
  const [deliveryId, setDeliveryId] = useState<Delivery["deliveryId"] | null>(null);
  const start = async () => {
    try {
      setDeliveryId((await call({ channelId })).deliveryId);
    } catch (error) {
      toast.error(texts.channels.testFailed, { description: messageOf(error) });
    }
  };
  return { start: () => void start(), isPending, deliveryId };
}

/** What became of the test, live, under its channel. */
export function TestOutcome({
  test: { deliveryId },
  channelId,
}: {
  test: ChannelTest;
  channelId: Channel["channelId"];
}) {
  const { notifications: texts } = useTexts();
  const { data } = useLiveQuery(
    api.deliveries.list,
    deliveryId === null
      ? "skip"
      : { channelId, paginationOpts: { numItems: LATEST, cursor: null } },
  );
  if (deliveryId === null) return null;
  const delivery = data?.page.find((other) => other.deliveryId === deliveryId);
  return (
    <p role="status" className="mt-1.5 flex flex-wrap items-baseline gap-x-2 text-xs">
      {delivery === undefined ? (
        <span className="text-ink-faint">{texts.channels.testQueued}</span>
      ) : (
        <>
          <DeliveryStateBadge delivery={delivery} />
          <span className="text-ink-soft">
            <DeliveryStory delivery={delivery} />
          </span>
        </>
      )}
    </p>
  );
}
