/** A plain table: for lists of tens, not of thousands. It scrolls sideways within its card where the screen is narrow. */
import { type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

export function Table({
  label,
  head,
  children,
}: {
  /** What is listed, for screen readers. */
  label: string;
  /** The cells of the head: Th. */
  head: ReactNode;
  children: ReactNode;
}) {
  return (
    // Whoever has only a keyboard scrolls it sideways too.
    <div tabIndex={0} role="group" aria-label={label} className="overflow-x-auto">
      <table aria-label={label} className="w-full text-sm">
        <thead className="bg-sunken/60 text-left text-xs text-ink-faint">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn(
        "h-8 px-3 font-medium first:pl-4 last:pr-4 max-sm:py-1.5 sm:whitespace-nowrap",
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td className={cn("h-11 px-3 py-1.5 first:pl-4 last:pr-4", className)} {...rest} />;
}
