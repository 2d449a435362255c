/** Starts the embedded backend and waits until it listens. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Child, Children } from "./children.ts";
import type { PublicAddresses, Settings } from "./settings.ts";
import { StartError } from "./startError.ts";

export interface Backend {
  child: Child;
  /** Page and Convex API, as this machine reaches them. */
  url: string;
  /** HTTP actions, as this machine reaches them. */
  siteUrl: string;
  /** The same as others reach them. */
  public: PublicAddresses;
  adminKey: string;
}

/** Where Node keeps the backend's modules without their types, compiled: half of a start, and of a thread's. */
const COMPILE_CACHE = "node_modules/.cache/rollcall/compiled";

/** Of the main thread: left alone it grows to 128 MB under load, of which nothing comes back. */
const NURSERY = ["--max-semi-space-size=8"];
/** The C library keeps what its threads have freed, for each of up to 16 pools: 60 MB more than with two. */
const ARENAS = { MALLOC_ARENA_MAX: "2" };

/** @throws StartError with the backend's own words when it does not start (port in use, folder not writable). */
export async function startBackend(settings: Settings, children: Children): Promise<Backend> {
  const child = children.start(
    [
      ...NURSERY,
      join(settings.root, "backend/main.ts"),
      ...["--data-dir", settings.dataDir],
      ...["--port", String(settings.port), "--site-port", String(settings.sitePort)],
      ...["--static-dir", join(settings.root, "dist")],
      ...pageFlags(settings.env["SITE_URL"]),
      ...publicOptions(settings.public),
      ...["--log", settings.logFormat],
    ],
    {
      cwd: settings.root,
      env: {
        NODE_COMPILE_CACHE: join(settings.root, COMPILE_CACHE),
        ...ARENAS,
        ...process.env,
        NODE_OPTIONS: nodeOptions(),
      },
      // The channel carries nothing: it breaks when we die, and the backend ends with it.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const addresses = await Promise.race([readyLine(child), child.exit]);
  if (typeof addresses === "number") {
    throw new StartError(lastLine(child.output()) ?? "The backend ended without a word.");
  }
  child.process.stdout?.pipe(process.stdout);
  child.process.stderr?.pipe(process.stderr);
  const adminKey = readFileSync(join(settings.dataDir, "adminKey"), "utf8").trim();
  const local = {
    url: `http://localhost:${settings.port}`,
    siteUrl: `http://localhost:${settings.sitePort}`,
  };
  return { child, ...local, public: addresses, adminKey };
}

function publicOptions(addresses: PublicAddresses | null): string[] {
  if (addresses === null) return [];
  return ["--cloud-origin", addresses.url, "--site-origin", addresses.siteUrl];
}

/** The page adds no style elements (adoptedStyles.ts). A browser that came by TLS once is to come by it always. */
export function pageFlags(siteUrl: string | undefined): string[] {
  const isSecure = siteUrl?.trim().startsWith("https://") === true;
  return [
    ...["--page-policy", "style-src 'self'"],
    ...(isSecure ? ["--page-header", "strict-transport-security: max-age=31536000"] : []),
  ];
}

/** node:sqlite still announces itself as experimental on some releases: nothing to tell to the user. */
function nodeOptions(): string {
  return `${process.env.NODE_OPTIONS ?? ""} --disable-warning=ExperimentalWarning`.trim();
}

async function readyLine(child: Child): Promise<{ url: string; siteUrl: string }> {
  const { stdout } = child.process;
  if (stdout === null) throw new Error("The backend's stdout must be piped");
  for await (const line of createInterface({ input: stdout })) {
    const ready = parseReady(line);
    if (ready !== null) return ready;
  }
  // Its output ended: its exit is on the way and says more.
  return new Promise(() => undefined);
}

function parseReady(line: string): { url: string; siteUrl: string } | null {
  if (!line.startsWith('{"ready":true')) return null;
  return JSON.parse(line) as { url: string; siteUrl: string };
}

function lastLine(output: string): string | undefined {
  return output.trim().split("\n").at(-1);
}
