/**
 * The files that machines download from the page: the agent in one file, its variant for sh, the library for programs
 * of one's own, the installer, and the SHA-256 of each. The same sources give the same bytes: a checksum that was noted once stays true until they change.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "vite";

const SCRIPTS = ["agent.sh", "install.sh"];

/** By file name. `root` is the clone. */
export async function agentFiles(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    "agent.mjs": `#!/usr/bin/env node\n${await bundle(root, "agent/main.ts")}`,
    "rollcall.mjs": await bundle(root, "agent/service.ts"),
  };
  for (const name of SCRIPTS) files[name] = readFileSync(join(root, "public", name), "utf8");
  for (const [name, text] of Object.entries(files)) {
    const sum = createHash("sha256").update(text).digest("hex");
    files[`${name}.sha256`] = `${sum}  ${name}\n`;
  }
  return files;
}

/** A program and all that it needs, for Node 20 and later. Only on systems other than Linux it looks for systeminformation. */
async function bundle(root: string, entry: string): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: "error",
    ssr: { noExternal: true, external: ["systeminformation"] },
    build: {
      ssr: entry,
      write: false,
      target: "node20",
      minify: true,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  const [chunk, ...others] = outputs.filter(({ type }) => type === "chunk");
  if (chunk?.type !== "chunk" || others.length > 0)
    throw new Error(`${entry} is not one file any more`);
  return chunk.code;
}

/** Puts them beside the built page, and serves them while the page is developed. */
export function serveAgentFiles(root: string): Plugin {
  return {
    name: "rollcall-agent-files",
    async generateBundle() {
      for (const [fileName, source] of Object.entries(await agentFiles(root))) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = request.url?.split("?")[0]?.slice(1) ?? "";
        if (!/^(agent\.(mjs|sh)|rollcall\.mjs|install\.sh)(\.sha256)?$/.test(name)) return next();
        agentFiles(root).then((files) => {
          response.setHeader("content-type", "text/plain; charset=utf-8");
          response.end(files[name]);
        }, next);
      });
    },
  };
}
