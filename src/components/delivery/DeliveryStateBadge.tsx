import { useTexts } from "@/hooks/useTexts.ts";
import { type Delivery } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { deliveryLook } from "./deliveryLook.ts";

/** A delivery's state as shape, word and colour. */
export function DeliveryStateBadge({
  delivery,
}: {
  delivery: Pick<Delivery, "state"> & Partial<Pick<Delivery, "attempts" | "heldBy">>;
}) {
  const { notifications: texts } = useTexts();
  const { word, icon: Icon, className } = deliveryLook(delivery);
  return (
    <span
      data-state={delivery.state}
      className={cn("inline-flex items-center gap-1.5 font-medium whitespace-nowrap", className)}
    >
      <Icon aria-hidden="true" className="size-3.5 shrink-0" strokeWidth={2.5} />
      {texts.states[word]}
    </span>
  );
}
