/** A picture for each kind of channel. Its name is the server's to say. */
import {
  Bell,
  BellRing,
  Braces,
  Gamepad2,
  Globe,
  Hash,
  LayoutGrid,
  type LucideIcon,
  Mail,
  Megaphone,
  MessageSquare,
  Send,
  Siren,
  Smartphone,
  Webhook,
} from "lucide-react";
import { type Channel } from "@/lib/backend.ts";

export const kindIcons: Record<Channel["kind"], LucideIcon> = {
  webhook: Webhook,
  telegram: Send,
  email: Mail,
  slack: Hash,
  discord: Gamepad2,
  teams: MessageSquare,
  ntfy: Megaphone,
  gotify: Bell,
  pushover: Smartphone,
  matrix: LayoutGrid,
  pagerduty: Siren,
  opsgenie: BellRing,
  template: Braces,
  webpush: Globe,
};
