/** Small things that this browser remembers, such as chosen columns. Blocked or broken storage is an empty one. */

/** What is stored under the key, or null where there is nothing that can be read. */
export function readStored(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is blocked or full: the choice holds until the page is closed.
  }
}
