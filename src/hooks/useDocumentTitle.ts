import { useEffect } from "react";
import { showInFavicon } from "@/lib/favicon.ts";

/** Names the page in the browser's tab: "(2) Fleet · Rollcall" and a mark on the icon where two things need eyes. */
export function useDocumentTitle(title: string, attentionCount = 0): void {
  useEffect(() => {
    document.title = `${attentionCount > 0 ? `(${attentionCount}) ` : ""}${title} · Rollcall`;
  }, [title, attentionCount]);
  useEffect(() => {
    showInFavicon(attentionCount);
    return () => showInFavicon(0);
  }, [attentionCount]);
}
