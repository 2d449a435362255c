/** `npm run backup [-- <file>]`: saves a consistent copy of the running installation. Composes, nothing else. */
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { readSettings } from "./lib/settings.ts";
import { StartError } from "./lib/startError.ts";

const root = resolve(import.meta.dirname, "..");
/** npm runs scripts in the clone; the file is meant to lie where the command was typed. */
const here = process.env.INIT_CWD ?? process.cwd();

try {
  const { dataDir, port } = readSettings(root, process.env);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const target = resolve(here, process.argv[2] ?? `rollcall-backup-${stamp}.zip`);
  if (existsSync(target)) throw new StartError(`${target} exists already: choose another name.`);
  const keyFile = join(dataDir, "adminKey");
  if (!existsSync(keyFile)) throw new StartError(`There is no installation in ${dataDir}.`);
  const answer = await ask(port, readFileSync(keyFile, "utf8").trim());
  const part = `${target}.part`;
  try {
    await pipeline(answer, createWriteStream(part, { mode: 0o600, flush: true }));
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
  const megabytes = (statSync(target).size / 1_000_000).toFixed(1);
  console.log(
    `Saved ${target} (${megabytes} MB). It holds all data and all secrets: keep it safe.`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Waits as long as it takes: `fetch` would give up after five minutes without a byte. */
async function ask(port: number, adminKey: string): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Convex ${adminKey}` };
    const options = {
      host: "127.0.0.1",
      port,
      path: "/api/embedded/backup",
      method: "POST",
      headers,
    };
    request(options, resolve)
      .on("error", () => {
        const text = `No installation answers on port ${port}. Start it first, or copy the data folder while it is stopped.`;
        reject(new StartError(text));
      })
      .end();
  });
  if (answer.statusCode === 200) return answer;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  throw new StartError(
    body.startsWith("{") ? (JSON.parse(body) as { message: string }).message : body,
  );
}
