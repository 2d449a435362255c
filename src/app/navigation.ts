/** The places of the app, in the order of the navigation. */
import { Bell, type LucideIcon, Server, Settings, Siren } from "lucide-react";
import { paths } from "@/config/paths.ts";
import { type Texts } from "@/texts/texts.ts";

export interface Place {
  /** Its text: texts().app.places[key]. */
  key: keyof Texts["app"]["places"];
  href: string;
  icon: LucideIcon;
  /** Other addresses that belong to this place. */
  isHome: boolean;
}

export const places: readonly Place[] = [
  { key: "fleet", href: paths.fleet.href(), icon: Server, isHome: true },
  { key: "incidents", href: paths.incidents.href(), icon: Siren, isHome: false },
  { key: "notifications", href: paths.notifications.href(), icon: Bell, isHome: false },
  { key: "settings", href: paths.settings.href(), icon: Settings, isHome: false },
];

/** Whether an address is part of a place: a machine's page is part of the fleet. */
export function isAt(place: Place, pathname: string): boolean {
  return place.isHome
    ? pathname === "/" || pathname.startsWith("/machines/")
    : pathname === place.href || pathname.startsWith(`${place.href}/`);
}
