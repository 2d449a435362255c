import { lazy, Suspense, useEffect, useState } from "react";

// Loaded when it is first opened.
const Palette = lazy(() => import("./Palette.tsx"));

/** Opens the command palette with Ctrl-K or Cmd-K, also out of a field, and gives the focus back when it closes. */
export function PaletteKey({ canEdit, onHelp }: { canEdit: boolean; onHelp: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      // Another dialog holds the focus: what it asks comes first. The palette itself closes.
      event.preventDefault();
      setIsOpen((wasOpen) => !wasOpen && document.querySelector("[role=dialog]") === null);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  if (!isOpen) return null;
  return (
    <Suspense>
      <Palette canEdit={canEdit} onHelp={onHelp} onClose={() => setIsOpen(false)} />
    </Suspense>
  );
}
