import { cn } from "@/lib/cn.ts";
import { type Delivery } from "@/lib/backend.ts";
import { deliveryLook } from "./deliveryLook.ts";

/** A delivery's state as shape, word and colour. */
export function DeliveryStateBadge({
  state,
  attempts = 0,
}: {
  state: Delivery["state"];
  attempts?: number;
}) {
  const { word, icon: Icon, className } = deliveryLook(state, attempts);
  return (
    <span
      data-state={state}
      className={cn("inline-flex items-center gap-1.5 font-medium whitespace-nowrap", className)}
    >
      <Icon aria-hidden="true" className="size-3.5 shrink-0" strokeWidth={2.5} />
      {word}
    </span>
  );
}
