/** Which IP addresses belong to the public internet: the guard against webhooks that aim at our own network. */

type Block = readonly [prefix: string, length: number];

/** Special-purpose IPv4 blocks (IANA registry): private, shared, loopback, link-local with metadata services, … */
const specialIpv4: readonly Block[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Everything public in IPv6 is in 2000::/3; these parts of it are not: Teredo and other IETF use, documentation, 6to4. */
const specialIpv6: readonly Block[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/** Whether a literal IPv4 or IPv6 address is public. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const bytes = parseAddress(address);
  if (bytes === null) return false;
  if (bytes.length === 4) return !specialIpv4.some((block) => isIn(bytes, block));
  return isIn(bytes, ["2000::", 3]) && !specialIpv6.some((block) => isIn(bytes, block));
}

/** Whether a host of a URL is a literal address (IPv6 in brackets) or a name that always means this host. */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const literal = name.replace(/^\[(.*)\]$/, "$1");
  return parseAddress(literal) !== null && !isPublicAddress(literal);
}

/** 4 or 16 bytes, or null. Takes the dotted tail of IPv6; zones (fe80::1%eth0) are refused. */
function parseAddress(address: string): number[] | null {
  return address.includes(":") ? parseIpv6(address) : parseIpv4(address);
}

function parseIpv4(address: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return null;
  const bytes = address.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseIpv6(address: string): number[] | null {
  const halves = address.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(parseGroups);
  if (head === null || tail === null || head === undefined) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const missing = 16 - head.length - tail.length;
  return missing < 2 ? null : [...head, ...Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 ? parseIpv4(group) : null;
    if (ipv4 !== null) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}

function isIn(bytes: number[], [prefix, length]: Block): boolean {
  const other = parseAddress(prefix);
  if (other === null || other.length !== bytes.length) return false;
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((other[index] ?? 0) & mask);
  });
}
