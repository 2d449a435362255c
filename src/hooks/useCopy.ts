import { useEffect, useState } from "react";
import { SECOND } from "../../core/time.ts";

const CONFIRMATION_MS = 2 * SECOND;

export interface Copying {
  state: "idle" | "copied" | "failed";
  /** Resolves to whether the clipboard took the text. */
  copy: (text: string) => Promise<boolean>;
}

/** Copies to the clipboard and says for two seconds whether that worked. */
export function useCopy(): Copying {
  const [state, setState] = useState<Copying["state"]>("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async (text: string) => {
    const isCopied = (await copyWithClipboard(text)) || copyWithSelection(text);
    setState(isCopied ? "copied" : "failed");
    return isCopied;
  };
  return { state, copy };
}

async function copyWithClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** On plain http (a home lab) browsers have no clipboard interface; the old way still works there. */
function copyWithSelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  const focused = document.activeElement;
  // Inside an open dialog, since a dialog takes the focus back from everything outside.
  (document.querySelector("[role=dialog]") ?? document.body).append(field);
  field.select();
  let isCopied = false;
  try {
    isCopied = document.execCommand("copy");
  } catch {
    isCopied = false;
  }
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
