/** How a delivery's state is written and drawn: shape, word and colour. */
import {
  CircleCheck,
  CircleHelp,
  CircleX,
  Clock,
  type LucideIcon,
  MinusCircle,
  RotateCw,
  Send,
} from "lucide-react";
import { type Delivery } from "@/lib/backend.ts";

export interface DeliveryLook {
  word: string;
  icon: LucideIcon;
  className: string;
}

/** A queued delivery that was tried before is a retry: people look for that word. */
export function deliveryLook(state: Delivery["state"], attempts: number): DeliveryLook {
  switch (state) {
    case "queued":
      return attempts > 0
        ? { word: "Retrying", icon: RotateCw, className: "text-late" }
        : { word: "Queued", icon: Clock, className: "text-waiting" };
    case "leased":
      return { word: "Sending", icon: Send, className: "text-waiting" };
    case "delivered":
      return { word: "Delivered", icon: CircleCheck, className: "text-online" };
    case "failed":
      return { word: "Failed", icon: CircleX, className: "text-offline" };
    case "uncertain":
      return { word: "Unsure", icon: CircleHelp, className: "text-late" };
    case "suppressed":
      return { word: "Not sent", icon: MinusCircle, className: "text-stopped" };
    default:
      return state satisfies never;
  }
}

/** What happened, in words; the event's name on the wire is on hover. */
export function eventText(event: Delivery["event"]): string {
  switch (event) {
    case "machine.offline":
      return "went offline";
    case "machine.online":
      return "is back online";
    case "machine.late":
      return "is late";
    case "machine.flapping":
      return "keeps going up and down";
    case "machine.reminder":
      return "is still offline";
    case "channel.failing":
      return "channel does not deliver";
    case "test":
      return "test message";
    default:
      return event satisfies never;
  }
}
