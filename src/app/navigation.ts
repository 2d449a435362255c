/** The places of the app, in the order of the navigation. */
import {
  Bell,
  CalendarClock,
  KeyRound,
  type LucideIcon,
  RadioTower,
  ScrollText,
  Server,
  Settings,
  Siren,
  Users,
} from "lucide-react";
import { paths } from "@/config/paths.ts";
import { type Texts } from "@/texts/texts.ts";

export interface Place {
  /** Its text: texts().app.places[key]. */
  key: keyof Texts["app"]["places"];
  href: string;
  icon: LucideIcon;
  /** Other addresses that belong to this place begin so; by default those below its own. */
  prefix?: string;
}

/** What people come for: is everything alive, and who is told. */
const watching: readonly Place[] = [
  { key: "fleet", href: paths.fleet.href(), icon: Server, prefix: "/machines/" },
  { key: "incidents", href: paths.incidents.href(), icon: Siren },
  { key: "notifications", href: paths.notifications.href(), icon: Bell },
  { key: "maintenance", href: paths.maintenance.href(), icon: CalendarClock },
  { key: "statusPages", href: paths.statusPages.href(), icon: RadioTower },
];

/** What is set up now and then. */
const managing: readonly Place[] = [
  { key: "people", href: paths.people.href(), icon: Users },
  { key: "apiKeys", href: paths.apiKeys.href(), icon: KeyRound },
  { key: "audit", href: paths.audit.href(), icon: ScrollText },
  { key: "settings", href: paths.settings.href(), icon: Settings },
];

export const placeGroups = [watching, managing] as const;

/** At the thumb of phones; the rest is one tap further. */
export const handyPlaces = watching.slice(0, 3);
export const otherPlaceGroups = [watching.slice(3), managing] as const;

/** Whether an address is part of a place: a machine's page is part of the fleet. */
export function isAt(place: Place, pathname: string): boolean {
  return pathname === place.href || pathname.startsWith(place.prefix ?? `${place.href}/`);
}
