import { useState } from "react";

/** The value, or while it is undefined the one before: other arguments must not empty the screen. */
export function useKept<Value>(value: Value | undefined): Value | undefined {
  const [kept, setKept] = useState(value);
  if (value !== undefined && value !== kept) setKept(value);
  return value ?? kept;
}
