/**
 * The tokens made since the page was loaded, in memory only: closing the dialog loses nothing, closing the page does,
 * and no storage ever holds a secret.
 */
const tokens = new Map<string, string>();

export function rememberToken(machineId: string, token: string): void {
  tokens.set(machineId, token);
}

export function freshToken(machineId: string): string | null {
  return tokens.get(machineId) ?? null;
}
