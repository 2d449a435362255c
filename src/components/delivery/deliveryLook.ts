/** How a delivery's state is drawn: shape and colour; its word is a text of the page. */
import {
  CircleCheck,
  CircleHelp,
  CircleX,
  Clock,
  type LucideIcon,
  MinusCircle,
  Moon,
  RotateCw,
  Send,
} from "lucide-react";
import { type Delivery } from "@/lib/backend.ts";
import { type Texts } from "@/texts/texts.ts";

type Word = keyof Texts["notifications"]["states"];

export interface DeliveryLook {
  word: Word;
  icon: LucideIcon;
  className: string;
}

/** A queued delivery that was tried before is a retry, and one that is held waits: people look for those words. */
export function deliveryLook({
  state,
  attempts = 0,
  heldBy = null,
}: Pick<Delivery, "state"> & Partial<Pick<Delivery, "attempts" | "heldBy">>): DeliveryLook {
  switch (state) {
    case "queued":
      if (heldBy === "quietHours")
        return { word: "waiting", icon: Moon, className: "text-waiting" };
      return attempts > 0
        ? { word: "retrying", icon: RotateCw, className: "text-late" }
        : { word: "queued", icon: Clock, className: "text-waiting" };
    case "leased":
      return { word: "sending", icon: Send, className: "text-waiting" };
    case "delivered":
      return { word: "delivered", icon: CircleCheck, className: "text-online" };
    case "failed":
      return { word: "failed", icon: CircleX, className: "text-offline" };
    case "uncertain":
      return { word: "uncertain", icon: CircleHelp, className: "text-late" };
    case "suppressed":
      return { word: "suppressed", icon: MinusCircle, className: "text-stopped" };
    default:
      return state satisfies never;
  }
}
