import { type ReactNode, useState } from "react";
import { Dialog, DialogBody } from "@/components/ui/Dialog.tsx";
import { useHotkey } from "@/hooks/useHotkey.ts";

const shortcuts = [
  { keys: "/", what: "Go to the filter" },
  { keys: "j k", what: "Next and previous machine" },
  { keys: "Enter", what: "Show the machine beside the list; again: open its page" },
  { keys: "x", what: "Choose the machine" },
  { keys: "a", what: "Acknowledge what is open about the machine" },
  { keys: "Esc", what: "Close the details, or choose none" },
  { keys: "Ctrl K", what: "Find a machine, go anywhere, do anything" },
  { keys: "?", what: "This help" },
];

/** What the keyboard can do: `?` shows it from anywhere, and so does whoever calls `show`. */
export function ShortcutHelp({ children }: { children: (show: () => void) => ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  useHotkey("?", () => setIsOpen(true));
  return (
    <>
      {children(() => setIsOpen(true))}
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title="Keyboard shortcuts">
        <DialogBody>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2.5 text-sm">
            {shortcuts.map(({ keys, what }) => (
              <div key={keys} className="contents">
                <dt className="flex gap-1">
                  {keys.split(" ").map((key) => (
                    <kbd
                      key={key}
                      className="min-w-6 rounded-sm border border-line bg-sunken px-1.5 text-center font-sans text-xs leading-5"
                    >
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd className="text-ink-soft">{what}</dd>
              </div>
            ))}
          </dl>
        </DialogBody>
      </Dialog>
    </>
  );
}
