/** The places of the app, in the order of the navigation. */
import { Bell, type LucideIcon, Server, Settings, Siren } from "lucide-react";
import { paths } from "@/config/paths.ts";

export interface Place {
  label: string;
  href: string;
  icon: LucideIcon;
  /** Other addresses that belong to this place. */
  isHome: boolean;
}

export const places: readonly Place[] = [
  { label: "Fleet", href: paths.fleet.href(), icon: Server, isHome: true },
  { label: "Incidents", href: paths.incidents.href(), icon: Siren, isHome: false },
  { label: "Notifications", href: paths.notifications.href(), icon: Bell, isHome: false },
  { label: "Settings", href: paths.settings.href(), icon: Settings, isHome: false },
];

/** Whether an address is part of a place: a machine's page is part of the fleet. */
export function isAt(place: Place, pathname: string): boolean {
  return place.isHome
    ? pathname === "/" || pathname.startsWith("/machines/")
    : pathname === place.href || pathname.startsWith(`${place.href}/`);
}
