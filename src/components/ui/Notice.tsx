import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

const looks = {
  info: { icon: Info, box: "border-waiting-fill/35 bg-waiting-soft", ink: "text-waiting" },
  warning: { icon: TriangleAlert, box: "border-late-fill/40 bg-late-soft", ink: "text-late" },
  error: { icon: CircleAlert, box: "border-offline-fill/35 bg-offline-soft", ink: "text-offline" },
};

/** One sentence that needs to be read, beside what it is about. Errors are announced at once. */
export function Notice({
  kind,
  children,
  action,
  className,
}: {
  kind: keyof typeof looks;
  children: ReactNode;
  /** What to do about it: after the sentence, or below where there is no room. */
  action?: ReactNode;
  className?: string;
}) {
  const { icon: Icon, box, ink } = looks[kind];
  return (
    <div
      role={kind === "error" ? "alert" : "status"}
      className={cn("flex gap-2.5 rounded-md border px-3 py-2 text-sm text-ink", box, className)}
    >
      <Icon
        aria-hidden="true"
        className={cn("mt-0.5 size-4 shrink-0", action !== undefined && "sm:mt-2", ink)}
      />
      <div
        className={cn(
          "min-w-0 flex-1",
          action !== undefined && "flex flex-wrap items-center justify-between gap-x-4 gap-y-2",
        )}
      >
        {children}
        {action}
      </div>
    </div>
  );
}
