/** A port that nobody listens on at the moment, for installations that live shortly beside others. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below those that systems hand out by themselves (Linux from 32,768, others from 49,152): such a port may be some
 * connection's own end by the time that the installation listens, or while it is started again. Above 10,080, which
 * browsers refuse to open.
 */
const FIRST = 10_100;
const END = 32_000;
const MOST_TRIES = 100;

/** @throws when a hundred of them are all in use. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`${MOST_TRIES} ports between ${FIRST} and ${END} are all in use.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
