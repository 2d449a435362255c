import { Card } from "@/components/ui/Card.tsx";
import { DeliveryStateBadge } from "@/components/delivery/DeliveryStateBadge.tsx";
import { DeliveryStory } from "@/components/delivery/DeliveryStory.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type IncidentDelivery } from "./timeline.ts";

/** What each channel was told of this incident, live. */
export function IncidentDeliveries({ deliveries }: { deliveries: IncidentDelivery[] }) {
  const { incidents: texts, notifications } = useTexts();
  return (
    <Card title={texts.deliveries.title} description={texts.deliveries.lead}>
      {deliveries.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-soft">{texts.deliveries.noneLead}</p>
      ) : (
        <ul aria-label={texts.deliveries.title} className="divide-y divide-line/70">
          {deliveries.map((delivery) => (
            <li
              key={`${delivery.deliveryId} ${delivery.decidedAt}`}
              className="grid gap-0.5 px-4 py-2.5 text-sm"
            >
              <p className="flex items-center justify-between gap-3">
                <span className="min-w-0 truncate">
                  <span className="font-medium">{delivery.channelName}</span>
                  <span className="text-ink-soft"> · {notifications.events[delivery.event]}</span>
                </span>
                <DeliveryStateBadge delivery={delivery} />
              </p>
              <p className="text-xs text-ink-soft">
                <DeliveryStory delivery={delivery} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
