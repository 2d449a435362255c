import { useEffect } from "react";

/** Names the page in the browser's tab: "Fleet · Rollcall", or "(2) Fleet · Rollcall" where two things need eyes. */
export function useDocumentTitle(title: string, attentionCount = 0): void {
  useEffect(() => {
    document.title = `${attentionCount > 0 ? `(${attentionCount}) ` : ""}${title} · Rollcall`;
  }, [title, attentionCount]);
}
