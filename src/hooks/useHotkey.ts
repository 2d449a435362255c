import { useEffect, useEffectEvent } from "react";

/** Runs the action when the key is pressed alone, outside of fields, and with no dialog or menu over the page. */
export function useHotkey(key: string, action: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== key || event.metaKey || event.ctrlKey || event.altKey) return;
    if (isTyping(event.target)) return;
    if (document.querySelector("[role=dialog], [role=menu]") !== null) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    // Before anything else hears of it: the Escape that closes a menu finds it open, and so means nothing to the page.
    addEventListener("keydown", listener, true);
    return () => removeEventListener("keydown", listener, true);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  // In these, letters mean nothing.
  if (target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type))
    return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
