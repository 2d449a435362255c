import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCollector, machineReaders } from "../../agent/collect/collector.ts";
import { readCpu } from "../../agent/collect/cpu.ts";
import { parseMounts, readDisks } from "../../agent/collect/disk.ts";
import { readGauges } from "../../agent/collect/gauges.ts";
import { parseNetDev } from "../../agent/collect/network.ts";
import { percentOf } from "../../agent/collect/percent.ts";
import { parseSwap } from "../../agent/collect/swap.ts";
import { describeMachine, firstAddress, instanceId } from "../../agent/identity.ts";
import { heartbeatBodySchemaAccepts, registerBodySchemaAccepts } from "./wire.ts";

function folderWith(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "rollcall-collect-")), name);
  writeFileSync(path, text);
  return path;
}

describe("a sample", () => {
  it("S2.4 of this machine is one that the server takes", async () => {
    const readers = machineReaders({ diskPaths: ["/"], gaugesFile: null, dockerSocket: null });
    const warnings: string[] = [];
    const collect = createCollector({
      readers,
      now: () => 1_700_000_000_000,
      log: (_, message) => warnings.push(message),
    });
    const sample = await collect();
    expect(heartbeatBodySchemaAccepts(sample)).toBe(true);
    expect(sample.timestamp).toBe(1_700_000_000_000);
    expect(Object.keys(sample.metrics ?? {})).toEqual(
      expect.arrayContaining(["cpuUsage", "memoryUsage", "diskUsage", "load1"]),
    );
    expect(warnings).toEqual([]);
  });

  it("goes on without a reader that fails, and says so once", async () => {
    const warnings: string[] = [];
    const collect = createCollector({
      readers: {
        disk: async () => Promise.reject(new Error("ENOENT /gone")),
        load: async () => ({ metrics: { load1: 1 } }),
      },
      now: () => 1,
      log: (_, message) => warnings.push(message),
    });
    expect(await collect()).toEqual({ timestamp: 1, metrics: { load1: 1 } });
    await collect();
    expect(warnings).toEqual(["No disk in the heartbeats: ENOENT /gone"]);
  });
});

describe("readers", () => {
  it("cpu looks at the time between two samples", async () => {
    const readings = [
      { busyMs: 100, totalMs: 1_000 },
      { busyMs: 150, totalMs: 1_100 },
      { busyMs: 175, totalMs: 1_200 },
    ];
    const read = readCpu(() => readings.shift() ?? { busyMs: 0, totalMs: 0 }, 0);
    expect(await read()).toEqual({ metrics: { cpuUsage: 50 } });
    expect(await read()).toEqual({ metrics: { cpuUsage: 25 } });
  });

  it("cpu says nothing when no time has passed", async () => {
    const read = readCpu(() => ({ busyMs: 1, totalMs: 1 }), 0);
    expect(await read()).toEqual({ metrics: {} });
  });

  it("network leaves out loopback and the header", () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0
  eth0: 12345 10 0 0 0 0 0 0 678 9 0 0 0 0 0 0
`;
    expect(parseNetDev(text)).toEqual([{ name: "eth0", rxBytes: 12_345, txBytes: 678 }]);
  });

  it("disks are reported each, where there are several", async () => {
    expect((await readDisks(["/"])).metrics).toHaveProperty("diskUsage");
    const { metrics } = await readDisks(["/", tmpdir(), "/gone"]);
    expect(metrics?.disks).toEqual([
      { mount: "/", usage: metrics?.diskUsage },
      { mount: tmpdir(), usage: expect.any(Number) as number },
    ]);
    await expect(readDisks(["/gone"])).rejects.toThrow("ENOENT");
  });

  it("disks are the local devices, each where it is mounted nearest to the root", () => {
    const text = `proc /proc proc rw 0 0
/dev/sda1 /var/lib/docker ext4 rw 0 0
/dev/sda1 / ext4 rw 0 0
/dev/sdb1 /srv/my\\040data ext4 rw 0 0
/dev/loop3 /snap/core/1 squashfs ro 0 0
/dev/sr0 /media/cd iso9660 ro 0 0
tank/home /home zfs rw 0 0
nas:/export /mnt/nas nfs4 rw 0 0
`;
    expect(parseMounts(text).map(({ path }) => path)).toEqual(["/", "/srv/my data", "/home"]);
  });

  it("swap is what is not free of it", () => {
    const text = "MemTotal:  8000 kB\nSwapTotal:       2000 kB\nSwapFree:        1500 kB\n";
    expect(parseSwap(text)).toEqual({ usedBytes: 500 * 1_024, totalBytes: 2_000 * 1_024 });
    expect(parseSwap("MemTotal: 1 kB\n")).toEqual({ usedBytes: 0, totalBytes: 0 });
  });

  it("S3.4 gauges come from a file; what the server would refuse is left out", async () => {
    const content = { assistantCount: 4, containerCount: -1, players: 17, "no name": 1, text: "x" };
    const path = folderWith("gauges.json", JSON.stringify(content));
    expect(await readGauges(path)).toEqual({
      assistantCount: 4,
      gauges: { players: 17 },
      metrics: {},
    });
    await expect(readGauges(folderWith("list.json", "3"))).rejects.toThrow("no JSON object");
  });

  it.each([
    [1, 3, 33.3],
    [5, 4, 100],
    [-1, 4, 0],
    [1, 0, undefined],
    [0, Number.NaN, undefined],
  ])("%s of %s is %s percent", (used, total, percent) => {
    expect(percentOf(used, total)).toBe(percent);
  });
});

describe("the registration", () => {
  it("S2.1 is one that the server takes", () => {
    const body = describeMachine({ env: {}, bootId: "b", rootDirectory: "/srv", maxServers: 4 });
    expect(registerBodySchemaAccepts(body)).toBe(true);
    expect(body).toMatchObject({ rootDirectory: "/srv", capacity: { maxServers: 4 } });
  });

  it("S0.2 takes the instance id from the first variable that is set", () => {
    const env = { MACHINE_ID: " ", FLY_MACHINE_ID: "fly-1", HOSTNAME: "web-1" };
    expect(instanceId(env)).toBe("fly-1");
    expect(instanceId({ ...env, MACHINE_ID: "m-1" })).toBe("m-1");
    expect(instanceId({ HOSTNAME: "web-1" })).toBe("web-1");
  });

  it("prefers an address that others can use", () => {
    const address = (text: string, family: "IPv4" | "IPv6", internal = false) =>
      ({ address: text, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as never;
    expect(
      firstAddress({
        lo: [address("127.0.0.1", "IPv4", true)],
        eth0: [address("fe80::1", "IPv6"), address("2001:db8::1", "IPv6")],
        eth1: [address("10.0.0.7", "IPv4")],
      }),
    ).toBe("10.0.0.7");
    expect(firstAddress({ lo: [address("127.0.0.1", "IPv4", true)] })).toBeUndefined();
  });
});
