import { useState } from "react";

/**
 * The text of a field whose value lives in the address. The address follows a moment later: a field that waited for it
 * would lose what is typed meanwhile. What comes from elsewhere (a saved view, a count) replaces the text.
 */
export function useTypedQuery(query: string, onChange: (query: string) => void) {
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  // What was typed and has not come back yet.
  const [sent, setSent] = useState<readonly string[]>([]);
  if (query !== seen) {
    setSeen(query);
    const place = sent.lastIndexOf(query);
    setSent(sent.slice(place + 1));
    if (place < 0) {
      setText(query);
      setSent([]);
    }
  }
  return {
    text,
    type: (next: string) => {
      setText(next);
      setSent([...sent, next]);
      onChange(next);
    },
    /** From here on every change comes from elsewhere. */
    leave: () => setSent([]),
  };
}
