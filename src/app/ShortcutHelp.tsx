import { type ReactNode, useState } from "react";
import { Dialog, DialogBody } from "@/components/ui/Dialog.tsx";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { useTexts } from "@/hooks/useTexts.ts";

const shortcuts = [
  { keys: "/", what: "filter" },
  { keys: "j k", what: "move" },
  { keys: "Enter", what: "open" },
  { keys: "x", what: "choose" },
  { keys: "a", what: "acknowledge" },
  { keys: "Esc", what: "leave" },
  { keys: "Ctrl K", what: "palette" },
  { keys: "?", what: "help" },
] as const;

/** What the keyboard can do: `?` shows it from anywhere, and so does whoever calls `show`. */
export function ShortcutHelp({ children }: { children: (show: () => void) => ReactNode }) {
  const { app: texts } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  useHotkey("?", () => setIsOpen(true));
  return (
    <>
      {children(() => setIsOpen(true))}
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title={texts.shortcuts.title}>
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
                <dd className="text-ink-soft">{texts.shortcuts[what]}</dd>
              </div>
            ))}
          </dl>
        </DialogBody>
      </Dialog>
    </>
  );
}
