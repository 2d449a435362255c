/**
 * A program that registers itself and reports what it does (S0.4): `node examples/bot.ts`, with ROLLCALL_URL and
 * ROLLCALL_TOKEN set. Whether the server answers is nothing that the program has to care about.
 */
import { RegistrationService } from "../agent/service.ts";

const conversations = new Set<number>();
const rollcall = new RegistrationService({
  url: process.env.ROLLCALL_URL ?? "http://localhost:3211",
  token: process.env.ROLLCALL_TOKEN ?? "",
  version: "7.2.0",
  metadata: { region: "north" },
  gauges: () => ({ assistantCount: conversations.size }),
});

if (!(await rollcall.register())) process.stdout.write("Working without Rollcall for now\n");
rollcall.startHeartbeat();

// The program's own work goes on, whatever happens to the heartbeats.
const work = setInterval(() => conversations.add(conversations.size), 500);
process.stdout.write(`Working as ${rollcall.machineId}\n`);

process.once("SIGTERM", () => {
  clearInterval(work);
  void rollcall.shutdown();
});
