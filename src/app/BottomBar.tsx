import { Ellipsis } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "react-router";
import { Dialog, DialogBody } from "@/components/ui/Dialog.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { handyPlaces, isAt, otherPlaceGroups, type Place } from "./navigation.ts";
import { PlaceList } from "./PlaceList.tsx";

/** The bar at the thumb of narrow screens: the places of every day, and the way to all others. */
export function BottomBar() {
  const { app: texts } = useTexts();
  const { pathname } = useLocation();
  const [isMoreOpen, setIsMoreOpen] = useState(false);
  const isElsewhere = otherPlaceGroups.flat().some((place) => isAt(place, pathname));
  return (
    <nav
      aria-label={texts.mainNavigation}
      className="sticky bottom-0 z-20 border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-md lg:hidden"
    >
      <ul className="mx-auto grid max-w-xl grid-cols-4">
        {handyPlaces.map((place) => (
          <li key={place.href}>
            <Link
              to={place.href}
              aria-current={isAt(place, pathname) ? "page" : undefined}
              className={itemClass(isAt(place, pathname))}
            >
              <Face icon={place.icon}>
                {texts.shortPlaces[place.key] ?? texts.places[place.key]}
              </Face>
            </Link>
          </li>
        ))}
        <li>
          <button
            type="button"
            aria-haspopup="dialog"
            aria-expanded={isMoreOpen}
            onClick={() => setIsMoreOpen(true)}
            className={itemClass(isElsewhere)}
          >
            <Face icon={Ellipsis}>{texts.morePlaces}</Face>
          </button>
        </li>
      </ul>
      <Dialog isOpen={isMoreOpen} onOpenChange={setIsMoreOpen} title={texts.morePlaces}>
        <DialogBody className="px-3">
          <PlaceList
            groups={otherPlaceGroups}
            size="touch"
            onNavigate={() => setIsMoreOpen(false)}
          />
        </DialogBody>
      </Dialog>
    </nav>
  );
}

function Face({ icon: Icon, children }: { icon: Place["icon"]; children: ReactNode }) {
  return (
    <>
      <Icon aria-hidden="true" className="size-5" />
      <span className="max-w-full truncate">{children}</span>
    </>
  );
}

function itemClass(isCurrent: boolean): string {
  return cn(
    "flex h-14 w-full flex-col items-center justify-center gap-1 px-1 text-2xs font-medium",
    isCurrent ? "text-accent-ink" : "text-ink-faint",
  );
}
