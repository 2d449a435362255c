/**
 * The lines to paste on a machine. Neither a token nor an address holds a character that a shell would read, and
 * double quotes mean the same in sh, PowerShell and cmd.
 */

/** One bare heartbeat from any shell. */
export function curlCommand(siteUrl: string, token: string): string {
  return `curl -fsS -X POST ${siteUrl}/agent/v1/heartbeat -H "Authorization: Bearer ${token}"`;
}

/** The agent of this repository, run from a clone of it. */
export function agentCommand(siteUrl: string, token: string): string {
  return `npm run agent -- --url ${siteUrl} --token ${token}`;
}
