/** How many heartbeats one core takes: durable, authenticated, through HTTP; and how that compares with a bare server. */
import { startTemporaryInstallation } from "../scripts/lib/temporaryInstallation.ts";
import { type Benchmark, round } from "./lib/benchmark.ts";
import { createFleet } from "./lib/fleet.ts";
import { SERVER_CPU } from "./lib/load.ts";
import { measure, measureBare, type Measurement } from "./lib/measure.ts";

const MACHINES = 1_000;
const CONNECTIONS = 64;
const DEFAULT_SECONDS = 8;
/** V8 compiles what it sees often: before that a heartbeat costs twice as much. */
const WARM_UP_SECONDS = 8;

export const benchIngest: Benchmark = async ({ seconds }) => {
  const load = {
    path: "/agent/v1/heartbeat",
    connections: CONNECTIONS,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds: seconds ?? DEFAULT_SECONDS,
  };
  const installation = await startTemporaryInstallation({ cpu: SERVER_CPU });
  try {
    const { machines } = await createFleet(installation.url, MACHINES);
    const tokens = machines.map(({ token }) => token);
    const port = Number(new URL(installation.siteUrl).port);
    const ours = await measure(installation.backendPid(), { ...load, port, tokens });
    const bare = await measureBare({ ...load, tokens });
    return report(ours, bare);
  } finally {
    await installation.remove();
  }
};

function report(ours: Measurement, bare: Measurement): Awaited<ReturnType<Benchmark>> {
  const row = (measurement: Measurement) => ({
    "heartbeats/s": Math.round(measurement.perSecond),
    "p50 ms": round(measurement.p50Ms),
    "p99 ms": round(measurement.p99Ms),
    "cpu s / 10k": round(measurement.cpuSecondsPer10k, 2),
    "rss MB": Math.round(measurement.rssMb),
  });
  const refused = Object.entries(ours.refused);
  return {
    table: { rollcall: row(ours), bare: row(bare) },
    notes: [
      `${MACHINES} machines, ${CONNECTIONS} keep-alive connections, server and generator on a core each.`,
      ...refused.map(([status, count]) => `${count} requests were answered with ${status}.`),
    ],
    json: {
      heartbeatsPerSecond: Math.round(ours.perSecond),
      ratioToBare: round(ours.perSecond / bare.perSecond, 3),
      p50Ms: round(ours.p50Ms, 2),
      p99Ms: round(ours.p99Ms, 2),
      cpuSecondsPer10k: round(ours.cpuSecondsPer10k, 3),
      rssMb: Math.round(ours.rssMb),
      bareHeartbeatsPerSecond: Math.round(bare.perSecond),
      refused: refused.reduce((sum, [, count]) => sum + count, 0),
    },
  };
}
