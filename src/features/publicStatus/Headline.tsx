import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  CircleX,
  type LucideIcon,
  Wrench,
} from "lucide-react";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { type PublicPage } from "./ItemCard.tsx";

const looks: Record<PublicPage["overall"], { icon: LucideIcon; className: string }> = {
  operational: { icon: CircleCheck, className: "border-online-fill/40 bg-online-soft text-online" },
  partial: { icon: CircleAlert, className: "border-late-fill/50 bg-late-soft text-late" },
  down: { icon: CircleX, className: "border-offline-fill/40 bg-offline-soft text-offline" },
  maintenance: { icon: Wrench, className: "border-waiting-fill/40 bg-waiting-soft text-waiting" },
  unknown: { icon: CircleHelp, className: "border-line bg-stopped-soft text-stopped" },
};

/** The one sentence for which people come. Changes are announced. */
export function Headline({ overall }: { overall: PublicPage["overall"] }) {
  const { statusPages } = useTexts();
  const { icon: Icon, className } = looks[overall];
  return (
    <p
      role="status"
      data-overall={overall}
      className={cn(
        "flex items-center gap-3 rounded-lg border px-4 py-4 text-lg font-semibold sm:px-5",
        className,
      )}
    >
      <Icon aria-hidden="true" className="size-6 shrink-0" />
      {statusPages.page.overall[overall]}
    </p>
  );
}
