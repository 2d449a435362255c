import { describe, expect, test } from "vitest";
import { isPrivateHost, isPublicAddress } from "../../core/addresses.ts";

describe("an address of our own network is not public", () => {
  test.each([
    ["0.0.0.0", "this host"],
    ["10.1.2.3", "private"],
    ["100.64.0.1", "carrier-grade NAT"],
    ["100.127.255.255", "carrier-grade NAT"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["169.254.169.254", "metadata service"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.192", "metadata service"],
    ["192.0.2.1", "documentation"],
    ["192.88.99.1", "6to4 relay"],
    ["192.168.1.1", "private"],
    ["198.19.0.1", "benchmarks"],
    ["224.0.0.1", "multicast"],
    ["255.255.255.255", "broadcast"],
    ["::", "this host"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "IPv4-mapped"],
    ["::ffff:7f00:1", "IPv4-mapped"],
    ["::ffff:93.184.215.14", "IPv4-mapped"],
    ["::127.0.0.1", "IPv4-compatible"],
    ["64:ff9b::a00:1", "NAT64"],
    ["fc00::1", "unique local"],
    ["fd00:ec2::254", "metadata service"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local with a zone"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["2001::1", "Teredo"],
    ["2001:db8::1", "documentation"],
    ["2002:7f00:1::", "6to4"],
    ["web-1", "no address"],
    ["1.2.3", "no address"],
    ["1.2.3.256", "no address"],
    ["1::2::3", "no address"],
    ["", "no address"],
  ])("%s (%s)", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test.each([
  "1.1.1.1",
  "93.184.215.14",
  "100.63.255.255",
  "100.128.0.1",
  "172.15.0.1",
  "172.32.0.1",
  "2606:4700:4700::1111",
  "2001:4860:4860::8888",
  "2a00:1450:4001:81b::200e",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  "localhost",
  "LOCALHOST.",
  "api.localhost",
  "127.0.0.1",
  "[::1]",
  "[fe80::1]",
  "10.0.0.1",
])("the host %s is private by itself", (host) => {
  expect(isPrivateHost(host)).toBe(true);
});

test.each(["example.com", "localhost.example.com", "1.1.1.1", "[2606:4700:4700::1111]"])(
  "the host %s is not, before it is resolved",
  (host) => {
    expect(isPrivateHost(host)).toBe(false);
  },
);

/** Every way to write 127.0.0.1 that a URL takes: the URL parser makes one of them all. */
test.each(["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"])(
  "%s is loopback in disguise",
  (url) => {
    expect(isPrivateHost(new URL(url).hostname)).toBe(true);
  },
);
