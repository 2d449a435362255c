import { Tooltip } from "radix-ui";
import { type ReactNode } from "react";

/** A short explanation on hover and focus. Never the only place of something important: touch screens have no hover. */
export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 animate-overlay-in rounded-md bg-ink px-2 py-1 text-xs text-surface shadow-pop"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
