/** Mutations are executed exactly once and in order, although the backend is killed while they are in flight. */
import { describe, expect, it } from "vitest";
import { deployContractApp } from "./support/backendImplementation.ts";
import { Writer } from "./support/crash.ts";
import { eventually } from "./support/failure.ts";

const KILLS = 4;
const MUTATIONS_PER_KILL = 100;

describe("kill -9", () => {
  it("loses, doubles and reorders none of 400 mutations over 4 kills", async () => {
    const deployed = await deployContractApp();
    const { backend } = deployed;
    const writer = new Writer(backend.url, "alice");
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const acknowledged = writer.acknowledged.length;
        writer.send(MUTATIONS_PER_KILL);
        await eventually(
          () => writer.acknowledged.length,
          (count) => count > acknowledged,
        );
        await backend.kill("SIGKILL");
        expect(writer.inFlight, "mutations in flight at the kill").toBeGreaterThan(0);
        await backend.start();
        // The client waits longer after each failure, unless it has caught up in between.
        await writer.settle();
      }
      await writer.expectExactlyOnce(deployed);
    } finally {
      await writer.close();
      await deployed.dispose();
    }
  });
});
