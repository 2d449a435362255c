import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBuffer } from "../../agent/buffer.ts";
import { createBufferFile } from "../../agent/bufferFile.ts";

const beat = (sequence: number) => ({ timestamp: sequence * 1_000, sequence });
const numbered = (...sequences: number[]) => sequences.map(beat);

function place(folder = mkdtempSync(join(tmpdir(), "rollcall-buffer-"))) {
  const path = join(folder, "state", "buffer.jsonl");
  const log: string[] = [];
  const open = (capacity = 5) =>
    createBuffer(
      createBufferFile(path, (_, message) => log.push(message)),
      capacity,
    );
  const linesOnDisk = () => readFileSync(path, "utf8").split("\n").length - 1;
  return { path, log, open, linesOnDisk };
}

describe("what is not confirmed", () => {
  it("is there again after a restart, once it was saved", () => {
    const { open, path } = place();
    const buffer = open();
    for (const heartbeat of numbered(1, 2)) buffer.push(heartbeat);
    expect(existsSync(path)).toBe(false);
    buffer.save();
    buffer.push(beat(3));
    buffer.save();
    expect(open().oldest(10)).toEqual(numbered(1, 2, 3));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("leaves no file behind once it is confirmed", () => {
    const { open, path } = place();
    const buffer = open();
    for (const heartbeat of numbered(1, 2, 3)) buffer.push(heartbeat);
    buffer.save();
    buffer.drop(2);
    expect(open().oldest(10)).toEqual(numbered(3));
    buffer.drop(1);
    expect(existsSync(path)).toBe(false);
  });

  it("is bounded in memory and on disk, the newest stay", () => {
    const { open, linesOnDisk } = place();
    const buffer = open();
    const most = [];
    for (let sequence = 1; sequence <= 100; sequence++) {
      buffer.push(beat(sequence));
      buffer.save();
      most.push(linesOnDisk());
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(10);
    expect(open().oldest(10)).toEqual(numbered(96, 97, 98, 99, 100));
    expect(open(2).oldest(10)).toEqual(numbered(99, 100));
  });
});

describe("a damaged file", () => {
  it("loses only the line that a power cut tore", () => {
    const { open, path, log } = place();
    const buffer = open();
    for (const heartbeat of numbered(1, 2, 3)) buffer.push(heartbeat);
    buffer.save();
    truncateSync(path, statSync(path).size - 5);
    const again = open();
    expect(again.oldest(10)).toEqual(numbered(1, 2));
    expect(log).toEqual(["1 of 3 saved heartbeats are unreadable"]);
    again.push(beat(4));
    again.save();
    expect(open().oldest(10)).toEqual(numbered(1, 2, 4));
  });

  it.each([
    ["bytes of something else", "\u0000\u0001\n{}\n[]\nnull\n7\n"],
    ["times that are none", '{"timestamp":"soon"}\n{"sequence":1}\n'],
    ["nothing", ""],
  ])("that holds %s is an empty one", (_, text) => {
    const { open, path } = place();
    mkdirSync(join(path, ".."));
    writeFileSync(path, text);
    expect(open().size).toBe(0);
  });

  it("that is far too large is thrown away unread", () => {
    const { open, path, log } = place();
    mkdirSync(join(path, ".."));
    writeFileSync(path, "");
    truncateSync(path, 9 * 1024 * 1024);
    expect(open().size).toBe(0);
    expect(log[0]).toContain("are too many");
    expect(statSync(path).size).toBe(0);
  });
});

describe("a folder that cannot be written", () => {
  it("costs one log line; the agent goes on in memory", () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-buffer-"));
    // A file where the folder should be: root may write anywhere, but not there.
    writeFileSync(join(folder, "state"), "");
    const { open, log } = place(folder);
    const buffer = open();
    for (const heartbeat of numbered(1, 2)) {
      buffer.push(heartbeat);
      buffer.save();
    }
    expect(buffer.oldest(10)).toEqual(numbered(1, 2));
    expect(log).toEqual([expect.stringContaining("going on in memory")]);
  });
});
