/** Remembers in this browser that somebody is signed in, to tell an expired session from a first visit. */
const STORAGE_KEY = "rollcall.hadSession";

export function rememberSession(): void {
  write(() => localStorage.setItem(STORAGE_KEY, "1"));
}

/** Called on a deliberate sign-out, after which nothing has "expired". */
export function forgetSession(): void {
  write(() => localStorage.removeItem(STORAGE_KEY));
}

export function hadSession(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    return false;
  }
}

function write(action: () => void): void {
  try {
    action();
  } catch {
    // Storage is blocked: the notice is left out, nothing else depends on it.
  }
}
