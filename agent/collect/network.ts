/** Bytes received and sent since boot, summed over the network cards. The server makes rates of them. */
import { access, readFile, readdir } from "node:fs/promises";
import type { Reader } from "./collector.ts";
import { systemInformation } from "./systemInformation.ts";

interface Traffic {
  name: string;
  rxBytes: number;
  txBytes: number;
}

export const readNetwork: Reader = async () => {
  const traffic = process.platform === "linux" ? await linuxTraffic() : await otherTraffic();
  if (traffic.length === 0) return {};
  const networkRxBytes = traffic.reduce((sum, { rxBytes }) => sum + rxBytes, 0);
  const networkTxBytes = traffic.reduce((sum, { txBytes }) => sum + txBytes, 0);
  return { metrics: { networkRxBytes, networkTxBytes } };
};

/** The rows of /proc/net/dev without loopback. */
export function parseNetDev(text: string): Traffic[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\S+):\s*(.*)$/.exec(line);
    const [, name = "", columns = ""] = match ?? [];
    const numbers = columns.split(/\s+/).map(Number);
    const [rxBytes, txBytes] = [numbers[0], numbers[8]];
    if (name === "lo" || rxBytes === undefined || txBytes === undefined) return [];
    return [{ name, rxBytes, txBytes }];
  });
}

async function linuxTraffic(): Promise<Traffic[]> {
  const all = parseNetDev(await readFile("/proc/net/dev", "utf8"));
  const cards = await hardwareInterfaces();
  const onCards = all.filter(({ name }) => cards.has(name));
  // A container has no card of its own; there, everything but loopback counts.
  return onCards.length > 0 ? onCards : all;
}

/** Bridges, bonds and tunnels would count the bytes of their cards a second time; they have no device. */
async function hardwareInterfaces(): Promise<Set<string>> {
  const root = "/sys/class/net";
  const cards = new Set<string>();
  for (const name of await readdir(root).catch(() => [])) {
    const hasDevice = await access(`${root}/${name}/device`).then(
      () => true,
      () => false,
    );
    if (hasDevice) cards.add(name);
  }
  return cards;
}

async function otherTraffic(): Promise<Traffic[]> {
  const stats = await (await systemInformation()).networkStats("*");
  return stats
    .filter(({ iface }) => !/^lo/.test(iface))
    .map(({ iface, rx_bytes, tx_bytes }) => ({
      name: iface,
      rxBytes: rx_bytes,
      txBytes: tx_bytes,
    }));
}
