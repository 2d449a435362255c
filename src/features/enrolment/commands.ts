/**
 * The lines to paste on a machine. Neither a token, a key nor an address holds a character that a shell would read;
 * double quotes mean the same in sh, PowerShell and cmd.
 */

/** In the order of the tabs. */
export const ways = ["linux", "docker", "curl", "cron", "systemd", "node"] as const;
export type Way = (typeof ways)[number];

export interface Target {
  /** Where the agent's files are: the page's own address. */
  pageUrl: string;
  /** Where agents report. */
  siteUrl: string;
  token: string;
}

export function commandFor(way: Way, target: Target): string {
  return commands[way](target);
}

/** As long as a request may take where cron or a timer sends it. */
const MAX_SECONDS = 10;
const UNIT = "/etc/systemd/system/rollcall-heartbeat";

const commands: Record<Way, (target: Target) => string> = {
  linux: ({ pageUrl, siteUrl, token }) =>
    `curl -fsSL ${pageUrl}/install.sh | sudo sh -s -- --from ${pageUrl} --url ${siteUrl} --token ${token}`,

  docker: ({ pageUrl, siteUrl, token }) =>
    `curl -fsSL -o rollcall-agent.mjs ${pageUrl}/agent.mjs && docker run -d --name rollcall-agent --restart on-failure --network host --uts host -v "$PWD/rollcall-agent.mjs:/agent.mjs:ro" -v rollcall-agent:/state -e ROLLCALL_STATE=/state -e ROLLCALL_URL=${siteUrl} -e ROLLCALL_TOKEN=${token} node:24-alpine node /agent.mjs`,

  curl: ({ siteUrl, token }) => heartbeat("curl -fsS", siteUrl, token),

  cron: ({ siteUrl, token }) => {
    const line = heartbeat(`curl -fsS -o /dev/null -m ${MAX_SECONDS}`, siteUrl, token);
    return `(crontab -l 2>/dev/null; echo '* * * * * ${line}') | crontab -`;
  },

  systemd: ({ siteUrl, token }) =>
    `sudo tee ${UNIT}.service >/dev/null <<'END'
[Unit]
Description=Rollcall heartbeat

[Service]
Type=oneshot
DynamicUser=yes
ExecStart=/usr/bin/${heartbeat(`curl -fsS -m ${MAX_SECONDS}`, siteUrl, token)}
END
sudo tee ${UNIT}.timer >/dev/null <<'END'
[Timer]
OnActiveSec=0
OnUnitActiveSec=1min
AccuracySec=1s

[Install]
WantedBy=timers.target
END
sudo chmod 600 ${UNIT}.service && sudo systemctl daemon-reload && sudo systemctl enable --now rollcall-heartbeat.timer`,

  node: ({ pageUrl, siteUrl, token }) =>
    `// First: curl -fsSL -o rollcall.mjs ${pageUrl}/rollcall.mjs
import { RegistrationService } from "./rollcall.mjs";

const rollcall = new RegistrationService({
  url: "${siteUrl}",
  token: "${token}",
});
await rollcall.register();
rollcall.startHeartbeat();
process.once("SIGTERM", () => rollcall.shutdown());`,
};

/** One bare heartbeat from any shell. */
function heartbeat(curl: string, siteUrl: string, token: string): string {
  return `${curl} -X POST ${siteUrl}/agent/v1/heartbeat -H "Authorization: Bearer ${token}"`;
}

/** Installs the agent so that it enrols itself when it first starts. */
export function enrolCommand(target: Omit<Target, "token"> & { key: string }): string {
  const { pageUrl, siteUrl, key } = target;
  return `curl -fsSL ${pageUrl}/install.sh | sudo sh -s -- --from ${pageUrl} --url ${siteUrl} --enrolment-key ${key}`;
}
