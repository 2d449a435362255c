/** What `npm start` says when everything runs. */

export function welcome(facts: {
  url: string;
  siteUrl: string;
  dataDir: string;
  isEnvFileOurs: boolean;
}): string {
  const { url, siteUrl } = facts;
  const lines = [
    "",
    "Rollcall is running.",
    "",
    `  Open     ${url}`,
    `  Agents   ${siteUrl}`,
    `  Data     ${facts.dataDir}`,
    "",
    'Next: open the page, create an account (the first one owns this installation), click "Add machine",',
    "and use the token that it shows with the agent or with curl:",
    "",
    `  npm run agent -- --url ${siteUrl} --token <machineId:secret>`,
    `  curl -X POST ${siteUrl}/agent/v1/heartbeat -H "Authorization: Bearer <machineId:secret>"`,
    "",
  ];
  if (!facts.isEnvFileOurs) {
    lines.push(
      "npx convex … uses the other deployment that .env.local names; it was left as it is.",
      "",
    );
  }
  return [...lines, "Ctrl-C stops it.", ""].join("\n");
}
