import { useState } from "react";
import { readStored, writeStored } from "@/lib/stored.ts";

/** State that this browser remembers. `parse` turns whatever is stored, also by older versions, into a valid value. */
export function useStored<Value>(
  key: string,
  parse: (stored: unknown) => Value,
): [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => parse(readStored(key)));
  return [
    value,
    (next) => {
      setValue(next);
      writeStored(key, next);
    },
  ];
}
