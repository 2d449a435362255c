/** Brings the demo up: an installation of its own, its stage, its past and its machines. */
import { writeEnvFile } from "../envFile.ts";
import type { Child, Children } from "../children.ts";
import { pushIfChanged, startWithVariables } from "../installation.ts";
import { buildPage } from "../page.ts";
import type { Settings } from "../settings.ts";
import { LiveFleet } from "./liveFleet.ts";
import { givePast } from "./past.ts";
import { castOf } from "./roster.ts";
import { openSink } from "./sink.ts";
import { ACCOUNT, setStage, STATUS_SLUG } from "./stage.ts";
import { Tables } from "../tables.ts";

/** Returns the backend's process, or null when it was stopped meanwhile. */
export async function runDemo({
  settings,
  children,
  machines,
}: {
  settings: Settings;
  children: Children;
  machines: number;
}): Promise<Child | null> {
  console.log("Starting the demo: a fleet that is made up, in a folder that goes when it ends.");
  const backend = await startWithVariables(settings, children);
  await Promise.all([pushIfChanged(settings, backend, children), buildPage(settings, children)]);
  if (children.isStopping) return null;
  writeEnvFile(settings, backend);
  const startedAt = performance.now();
  const now = Date.now();
  const cast = castOf(machines);
  const stage = await setStage(backend.url, { cast, sinkUrl: await openSink(), now });
  const giveMeasurements = await givePast(new Tables(backend), { stage, now });
  new LiveFleet(backend.siteUrl, { machines: stage.machines, now }).start();
  console.log(welcome(backend, { machines, seconds: (performance.now() - startedAt) / 1_000 }));
  await giveMeasurements();
  console.log(
    `The charts of the past are complete (${((performance.now() - startedAt) / 1_000).toFixed(0)} s).`,
  );
  return backend.child;
}

function welcome(
  { url, siteUrl }: { url: string; siteUrl: string },
  { machines, seconds }: { machines: number; seconds: number },
): string {
  return [
    "",
    `The demo is running: ${machines} made-up machines and a year of history (${seconds.toFixed(0)} s).`,
    "",
    `  Open         ${url}`,
    `  Sign in      ${ACCOUNT.email}   password  ${ACCOUNT.password}`,
    `  Status page  ${url}/status/${STATUS_SLUG}`,
    `  Agents       ${siteUrl}`,
    "",
    "Every minute or so something happens to one of the machines. Ctrl-C ends the demo and removes all of it.",
    "",
  ].join("\n");
}
