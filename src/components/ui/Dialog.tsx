import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { IconButton } from "./IconButton.tsx";

/** A window over the page: centred on wide screens, a sheet from below on phones. Focus stays in it and returns after. */
export function Dialog({
  isOpen,
  onOpenChange,
  title,
  description,
  children,
  size = "md",
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  size?: "md" | "lg";
}) {
  const { common: texts } = useTexts();
  const opener = useRef<Element | null>(null);
  const focusFirstField = (event: Event) => {
    opener.current = document.activeElement;
    const content = event.currentTarget;
    if (!(content instanceof HTMLElement)) return;
    event.preventDefault();
    // Without a field, the window itself: on its close button, the first Escape would only close the button's tip.
    (content.querySelector("input") ?? content).focus();
  };
  // Radix would look for a trigger of its own; ours are opened from anywhere.
  const returnFocus = (event: Event) => {
    event.preventDefault();
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-overlay-in bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-6">
          <Primitive.Content
            onOpenAutoFocus={focusFirstField}
            onCloseAutoFocus={returnFocus}
            {...(description === undefined && { "aria-describedby": undefined })}
            className={cn(
              "pointer-events-auto flex max-h-[92dvh] w-full flex-col overflow-hidden bg-raised shadow-dialog",
              "animate-sheet-in rounded-t-xl sm:animate-pop-in sm:rounded-xl",
              size === "md" ? "sm:max-w-lg" : "sm:max-w-2xl",
            )}
          >
            <header className="flex items-start gap-3 px-5 pt-4 pb-3">
              <div className="min-w-0 flex-1">
                <Primitive.Title className="text-lg font-semibold text-ink">
                  {title}
                </Primitive.Title>
                {description !== undefined && (
                  <Primitive.Description className="mt-0.5 text-sm text-pretty text-ink-soft">
                    {description}
                  </Primitive.Description>
                )}
              </div>
              <Primitive.Close asChild>
                <IconButton label={texts.close} className="-mt-1 -mr-2">
                  <X />
                </IconButton>
              </Primitive.Close>
            </header>
            {children}
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The part that scrolls when the window is low. */
export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn("min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5", className)}>{children}</div>
  );
}

/** The buttons at the end, the main one last. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line bg-sunken/60 px-5 py-3 max-sm:[&>button:last-child]:grow">
      {children}
    </footer>
  );
}
