/** `npm run bench -- <name> [--json] [--seconds N] [--full]`: runs one benchmark, prints a table and, if asked, one JSON line. */
import { parseArgs } from "node:util";
import { benchAgent } from "./agent.ts";
import { benchDocuments } from "./documents.ts";
import { benchEngine } from "./engine.ts";
import { benchFanout } from "./fanout.ts";
import { benchIngest } from "./ingest.ts";
import { benchList } from "./list.ts";
import { benchSoak } from "./soak.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { benchStart } from "./start.ts";
import { benchSweep } from "./sweep.ts";

const benchmarks: Record<string, Benchmark> = {
  agent: benchAgent,
  ingest: benchIngest,
  fanout: benchFanout,
  engine: benchEngine,
  list: benchList,
  sweep: benchSweep,
  start: benchStart,
  soak: benchSoak,
  documents: benchDocuments,
};

/** An hour, for the soak. */
const MAX_SECONDS = 3_600;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, seconds: { type: "string" }, full: { type: "boolean" } },
});
const name = positionals[0] ?? "";
const benchmark = benchmarks[name];
const seconds = values.seconds === undefined ? null : Number(values.seconds);
if (benchmark === undefined || (seconds !== null && !(seconds > 0 && seconds <= MAX_SECONDS))) {
  const names = Object.keys(benchmarks).join("|");
  console.error(
    `Usage: npm run bench -- <${names}> [--json] [--seconds 1..${MAX_SECONDS}] [--full]`,
  );
  process.exit(2);
}
const result = await benchmark({ seconds, full: values.full === true });
console.table(result.table);
for (const note of result.notes) console.log(note);
if (values.json === true) console.log(JSON.stringify(result.json));
