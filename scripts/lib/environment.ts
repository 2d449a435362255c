/**
 * Every environment variable that the programs of this repository read, declared once: docs/environment.md and
 * .env.example are written from here (`npm run environment`), and test/documents.test.ts fails when code reads one that
 * does not stand here.
 */

export interface Variable {
  name: string;
  /** What counts where it is not set, as a person would write it; empty where there is nothing then. */
  fallback: string;
  /** What it does, in a sentence or two. */
  text: string;
  /** For .env.example, where the default says little. */
  example?: string;
}

export interface VariableGroup {
  title: string;
  /** Who reads them, and when. */
  text: string;
  variables: Variable[];
  /** `npm start` hands them on to the functions. */
  isPassedOn?: true;
  /** Not for people to set: left out of .env.example. */
  isInternal?: true;
}

export const ENVIRONMENT: VariableGroup[] = [
  {
    title: "Where the installation lives and listens",
    text: "Read by npm start, dev, backup and restore, from the environment or from .env.local.",
    variables: [
      {
        name: "ROLLCALL_DATA_DIR",
        fallback: "./data",
        text: "The data folder. Its file adminKey holds the key of administrators.",
      },
      { name: "ROLLCALL_PORT", fallback: "3210", text: "Port of page, WebSocket and Convex API." },
      { name: "ROLLCALL_SITE_PORT", fallback: "3211", text: "Port of HTTP actions: agents." },
      {
        name: "ROLLCALL_AGENT_URL",
        fallback: "<SITE_URL>/http",
        example: "https://agents.example.com",
        text: "Where agents reach port 3211, if that has a public address of its own.",
      },
      {
        name: "ROLLCALL_LOG",
        fallback: "text",
        text: "Form of the server's log: text, or json for one object a line.",
      },
      {
        name: "ROLLCALL_ENV_FILE",
        fallback: ".env.local",
        text: "Where npm start writes how npx convex … finds the backend. From the environment only.",
      },
      {
        name: "ROLLCALL_DEV_PORT",
        fallback: "5173",
        text: "Port of the page under npm run dev. From the environment only.",
      },
    ],
  },
  {
    title: "What the functions are told",
    text: "Read by npm start in the same way and handed on to the functions as variables of the deployment; on Convex Cloud and self-hosted Convex they are set with npx convex env set. Times read 30s, 2m, 1h, 7d, or seconds as a number.",
    isPassedOn: true,
    variables: [
      {
        name: "SITE_URL",
        fallback: "http://localhost:3210",
        text: "The address under which people open the page; needed behind a reverse proxy.",
      },
      {
        name: "ROLLCALL_SIGNUPS",
        fallback: "invite",
        text: "Who may sign up after the first account, which owns the installation: open (anybody), invite (who has an invite of a workspace) or closed (nobody).",
      },
      {
        name: "MACHINE_OFFLINE_THRESHOLD",
        fallback: "2m",
        text: "When a silent machine counts as offline, where it has no threshold of its own.",
      },
      {
        name: "MACHINE_HEARTBEAT_CHECK_INTERVAL",
        fallback: "10s",
        text: "How often that is checked.",
      },
      {
        name: "ROLLCALL_KEEP_SAMPLES",
        fallback: "24h",
        text: "How long every heartbeat's numbers are kept.",
      },
      {
        name: "ROLLCALL_KEEP_ROLLUPS",
        fallback: "30d",
        text: "How long five-minute numbers are kept.",
      },
      {
        name: "ROLLCALL_KEEP_HOURLY",
        fallback: "730d",
        text: "How long hourly numbers are kept, and with them changes of status and version and incidents that are over; those never less than 92 days.",
      },
      {
        name: "ROLLCALL_KEEP_AUDIT",
        fallback: "730d",
        text: "How long the audit log is kept; never less than 30 days.",
      },
      {
        name: "ALLOW_PRIVATE_WEBHOOKS",
        fallback: "false",
        text: "Whether webhooks may go to private, loopback and link-local addresses.",
      },
      {
        name: "LOCAL_HOST_METRICS",
        fallback: "false",
        text: "Whether npm start shows the server's own host as a machine of the first workspace, for development. A start without it takes that machine and its history out again.",
      },
      {
        name: "ROLLCALL_DEMO",
        fallback: "false",
        text: "Whether the page says that everything in it is made up. npm run demo sets it.",
      },
      {
        name: "SMTP_URL",
        fallback: "",
        example: "smtps://user:password@mail.example.com",
        text: "The installation's mail server, for links that verify an address or reset a password, and for e-mail channels. Without it there is no e-mail.",
      },
      {
        name: "AUTH_GITHUB_ID",
        fallback: "",
        text: "Signing in with GitHub. The callback address to register there is <site address>/api/auth/callback/github.",
      },
      { name: "AUTH_GITHUB_SECRET", fallback: "", text: "Belongs to AUTH_GITHUB_ID." },
      {
        name: "AUTH_OIDC_ISSUER",
        fallback: "",
        example: "https://id.example.com",
        text: "Signing in with an OpenID Connect provider. The callback address to register there is <site address>/api/auth/callback/oidc.",
      },
      { name: "AUTH_OIDC_ID", fallback: "", text: "The client id that the provider gave." },
      { name: "AUTH_OIDC_SECRET", fallback: "", text: "The client secret that it gave." },
      {
        name: "AUTH_OIDC_NAME",
        fallback: "the issuer's host",
        example: "Example ID",
        text: "What the button on the sign-in page calls it.",
      },
    ],
  },
  {
    title: "Building the page",
    text: "Read when the page is built, from the environment only.",
    variables: [
      {
        name: "VITE_CONVEX_URL",
        fallback: "where the page came from",
        example: "",
        text: "The deployment of a page that is served by somebody else.",
      },
    ],
  },
  {
    title: "The agent",
    text: "Read on each machine; docs/agents.md has the flags that say the same.",
    variables: [
      {
        name: "ROLLCALL_URL",
        fallback: "",
        example: "http://localhost:3211",
        text: "Where it reports. Needed.",
      },
      { name: "ROLLCALL_TOKEN", fallback: "", text: "Its token, machineId:secret." },
      { name: "ROLLCALL_TOKEN_FILE", fallback: "", text: "A file that holds only the token." },
      {
        name: "ROLLCALL_ENROLMENT_KEY",
        fallback: "",
        text: "In place of a token: the machine adds itself with this key.",
      },
      {
        name: "HEARTBEAT_INTERVAL",
        fallback: "the server's choice for the machine, else 60s",
        example: "",
        text: "Time between heartbeats, 1 s to 24 h.",
      },
      { name: "HEARTBEAT_TIMEOUT", fallback: "10s", text: "For one request." },
      {
        name: "MAX_HEARTBEAT_FAILURES",
        fallback: "3",
        text: "Failed heartbeats in a row before it registers again.",
      },
      { name: "ROLLCALL_DISK", fallback: "/", text: "Whose file system is reported." },
      {
        name: "ROLLCALL_ROOT",
        fallback: "the current directory",
        example: "",
        text: "Reported as the root directory.",
      },
      { name: "MAX_SERVERS", fallback: "", text: "Reported as the capacity." },
      {
        name: "ROLLCALL_GAUGES_FILE",
        fallback: "",
        text: "A JSON file with assistantCount and containerCount, read at each heartbeat.",
      },
      {
        name: "ROLLCALL_STATE",
        fallback: "STATE_DIRECTORY",
        example: "",
        text: "The folder where unsent heartbeats survive a restart.",
      },
      {
        name: "DOCKER_HOST",
        fallback: "unix:///var/run/docker.sock",
        text: "Whose containers are counted; only a unix:// socket is asked.",
      },
      {
        name: "MACHINE_ID",
        fallback: "FLY_MACHINE_ID, HOSTNAME, the host's name",
        example: "",
        text: "The instance id that the machine registers with.",
      },
    ],
  },
  {
    title: "Made by others",
    text: "Set by npm start, systemd, the shell, a hosting provider or the Convex CLI: nobody has to.",
    isInternal: true,
    variables: [
      {
        name: "JWT_PRIVATE_KEY",
        fallback: "made at the first start",
        text: "A variable of the deployment: signs sessions.",
      },
      {
        name: "JWKS",
        fallback: "made at the first start",
        text: "A variable of the deployment: checks sessions.",
      },
      {
        name: "CONVEX_CLOUD_URL",
        fallback: "<SITE_URL>, or http://localhost:3210",
        text: "Given to functions by the backend: its own address.",
      },
      {
        name: "CONVEX_SITE_URL",
        fallback: "ROLLCALL_AGENT_URL, or http://localhost:3211",
        text: "Given to functions by the backend: where HTTP actions are.",
      },
      {
        name: "CONVEX_EMBEDDED_DATA_DIR",
        fallback: "./data",
        text: "The data folder of a backend that is started by itself, without --data-dir.",
      },
      {
        name: "STATE_DIRECTORY",
        fallback: "",
        text: "The agent's state folder where systemd made one.",
      },
      { name: "FLY_MACHINE_ID", fallback: "", text: "The instance id on Fly.io." },
      { name: "HOSTNAME", fallback: "", text: "The instance id in a container." },
    ],
  },
];

/** Names that `npm start` hands on to the functions. */
export const PASSED_ON = ENVIRONMENT.filter(({ isPassedOn }) => isPassedOn).flatMap(
  ({ variables }) => variables.map(({ name }) => name),
);
