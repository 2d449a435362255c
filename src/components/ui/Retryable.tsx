import { Fragment, type ReactNode, useState } from "react";

/** Gives its children a way to begin anew: `retry` mounts them again, with fresh subscriptions. */
export function Retryable({ children }: { children: (retry: () => void) => ReactNode }) {
  const [attempt, setAttempt] = useState(0);
  return <Fragment key={attempt}>{children(() => setAttempt(attempt + 1))}</Fragment>;
}
