/** The decisions of `npm start` that need no process; test/e2e runs the whole of it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importJWK, importPKCS8, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { Backend } from "../scripts/lib/backend.ts";
import { Children } from "../scripts/lib/children.ts";
import { writeEnvFile } from "../scripts/lib/envFile.ts";
import { fingerprint } from "../scripts/lib/fingerprint.ts";
import { buildPage, firstErrorLine } from "../scripts/lib/page.ts";
import { cliEnvironment, summarize } from "../scripts/lib/push.ts";
import { readSettings } from "../scripts/lib/settings.ts";
import {
  DATA_VERSION,
  readStartState,
  refuseDowngrade,
  writeStartState,
} from "../scripts/lib/startState.ts";
import { missingSecrets, planVariables } from "../scripts/lib/variables.ts";

const temporaryFolder = () => mkdtempSync(join(tmpdir(), "rollcall-start-"));
const backend = {
  url: "http://localhost:3210",
  siteUrl: "http://localhost:3211",
  adminKey: "key-1",
} as Backend;

describe("settings", () => {
  it("have the documented defaults", () => {
    const root = temporaryFolder();
    expect(readSettings(root, {})).toMatchObject({
      dataDir: join(root, "data"),
      port: 3210,
      sitePort: 3211,
    });
  });

  it("prefer the process's environment to .env.local", () => {
    const root = temporaryFolder();
    writeFileSync(join(root, ".env.local"), "ROLLCALL_PORT=4000\nROLLCALL_SITE_PORT=4001\n");
    const settings = readSettings(root, { ROLLCALL_PORT: "5000" });
    expect(settings).toMatchObject({ port: 5000, sitePort: 4001 });
  });

  it("know the public addresses from SITE_URL, and agents under its /http unless told otherwise", () => {
    const publicOf = (env: Record<string, string>) => readSettings(temporaryFolder(), env).public;
    expect(publicOf({})).toBeNull();
    expect(publicOf({ SITE_URL: "http://localhost:3210" })).toBeNull();
    expect(publicOf({ SITE_URL: "https://beats.example.com/" })).toEqual({
      url: "https://beats.example.com",
      siteUrl: "https://beats.example.com/http",
    });
    const agents = "https://agents.example.com/";
    expect(publicOf({ SITE_URL: "http://10.0.0.7:3210", ROLLCALL_AGENT_URL: agents })).toEqual({
      url: "http://10.0.0.7:3210",
      siteUrl: "https://agents.example.com",
    });
    expect(() => publicOf({ SITE_URL: "beats.example.com" })).toThrow(/SITE_URL is "beats/);
    expect(() => publicOf({ ROLLCALL_AGENT_URL: agents })).toThrow(/needs SITE_URL/);
  });

  it.each(["0", "65536", "http", "-1", "80.5"])("refuse the port %s in one line", (port) => {
    expect(() => readSettings(temporaryFolder(), { ROLLCALL_PORT: port })).toThrow(
      `ROLLCALL_PORT is "${port}"; right is a port from 1 to 65535.`,
    );
  });
});

describe("the deployment's variables", () => {
  const plan = (options: Partial<Parameters<typeof planVariables>[0]>) =>
    planVariables({ env: {}, existing: new Map(), before: [], pageUrl: backend.url, ...options });

  it("take what the environment of the start says, and the address of the page", () => {
    const env = { ALLOW_PRIVATE_WEBHOOKS: "true", ROLLCALL_SIGNUPS: " ", PATH: "/bin" };
    expect(plan({ env })).toEqual({
      changes: [
        { name: "ALLOW_PRIVATE_WEBHOOKS", value: "true" },
        { name: "SITE_URL", value: backend.url },
      ],
      variables: ["ALLOW_PRIVATE_WEBHOOKS", "SITE_URL"],
    });
  });

  it("lose what an earlier start set and this one does not", () => {
    const { changes } = plan({
      existing: new Map([
        ["ALLOW_PRIVATE_WEBHOOKS", "true"],
        ["SITE_URL", backend.url],
      ]),
      before: ["ALLOW_PRIVATE_WEBHOOKS", "SITE_URL"],
    });
    expect(changes).toEqual([{ name: "ALLOW_PRIVATE_WEBHOOKS", value: null }]);
  });

  it("keep what somebody set with the CLI", () => {
    const existing = new Map([
      ["ROLLCALL_SIGNUPS", "open"],
      ["SITE_URL", "https://rollcall.example.com"],
    ]);
    expect(plan({ existing }).changes).toEqual([]);
  });

  it("do not change when nothing changed", () => {
    const env = { ROLLCALL_SIGNUPS: "open" };
    const existing = new Map([
      ["ROLLCALL_SIGNUPS", "open"],
      ["SITE_URL", backend.url],
    ]);
    expect(plan({ env, existing, before: ["ROLLCALL_SIGNUPS", "SITE_URL"] }).changes).toEqual([]);
  });

  it("get a key pair that signs and verifies, once", async () => {
    const secrets = await missingSecrets(new Map());
    const values = new Map(secrets.map(({ name, value }) => [name, value ?? ""]));
    const privateKey = values.get("JWT_PRIVATE_KEY") ?? "";
    expect(privateKey).not.toContain("\n");
    const key = await importPKCS8(privateKey, "RS256");
    const token = await new SignJWT({ sub: "alice" })
      .setProtectedHeader({ alg: "RS256" })
      .sign(key);
    const jwks = JSON.parse(values.get("JWKS") ?? "") as { keys: Record<string, string>[] };
    const { payload } = await jwtVerify(token, await importJWK(jwks.keys[0] ?? {}, "RS256"));
    expect(payload.sub).toBe("alice");
    expect(await missingSecrets(values)).toEqual([]);
  });
});

describe(".env.local", () => {
  const settingsIn = (root: string) => ({ ...readSettings(root, {}), dataDir: join(root, "data") });

  it("is written for its owner only, and keeps what else is in it", () => {
    const root = temporaryFolder();
    const path = join(root, ".env.local");
    writeFileSync(path, "ROLLCALL_SIGNUPS=open\n", { mode: 0o644 });
    expect(writeEnvFile(settingsIn(root), backend)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    expect(text).toContain("CONVEX_SELF_HOSTED_ADMIN_KEY=key-1");
    expect(text).toContain("ROLLCALL_SIGNUPS=open");
    writeEnvFile(settingsIn(root), { ...backend, adminKey: "key-2" });
    expect(readFileSync(path, "utf8").match(/ADMIN_KEY/g)).toHaveLength(1);
    expect(readFileSync(path, "utf8")).toContain("key-2");
  });

  it("leaves nothing for `convex dev` to add, which a build would take up", () => {
    const root = temporaryFolder();
    writeEnvFile(settingsIn(root), backend);
    const text = readFileSync(join(root, ".env.local"), "utf8");
    expect(text).toContain(`CONVEX_URL=${backend.url}`);
    expect(text).toContain(`CONVEX_SITE_URL=${backend.siteUrl}`);
    expect(text).not.toContain("VITE_");
  });

  it("is left alone when it names a cloud deployment", () => {
    const root = temporaryFolder();
    const text = "CONVEX_DEPLOYMENT=dev:happy-animal-123\n";
    writeFileSync(join(root, ".env.local"), text);
    expect(writeEnvFile(settingsIn(root), backend)).toBe(false);
    expect(readFileSync(join(root, ".env.local"), "utf8")).toBe(text);
  });

  it("belongs to the data folder that wrote it, as long as that exists", () => {
    const root = temporaryFolder();
    const other = temporaryFolder();
    writeEnvFile({ ...settingsIn(root), dataDir: other }, backend);
    expect(writeEnvFile(settingsIn(root), { ...backend, adminKey: "key-2" })).toBe(false);
    rmSync(other, { recursive: true });
    expect(existsSync(other)).toBe(false);
    expect(writeEnvFile(settingsIn(root), { ...backend, adminKey: "key-2" })).toBe(true);
  });
});

describe("a push", () => {
  it("that fails is told in one line with its place", () => {
    const output = `- Preparing…
✘ [ERROR] Expected ";" but found "machine"

    convex/machines.ts:3:7:
      3 │ export machine
✖ Bundling failed`;
    expect(summarize(output)).toBe('convex/machines.ts:3:7: Expected ";" but found "machine"');
  });

  it("that the backend refuses is told with its answer", () => {
    const output = `✖ Error: Unable to start push to http://localhost:3210
✖ Error fetching POST  http://localhost:3210/api/deploy2/start_push 400 Bad Request: InvalidConfig: my-file.js is no path`;
    expect(summarize(output)).toBe("InvalidConfig: my-file.js is no path");
  });

  it("that fails without an error line is told with its last line", () => {
    expect(summarize("one\n\nfetch failed\n")).toBe("fetch failed");
  });

  it("goes to our backend, whatever else the environment names, and to nobody else", () => {
    expect(cliEnvironment(backend)).toMatchObject({
      CONVEX_SELF_HOSTED_URL: backend.url,
      CONVEX_DEPLOYMENT: "",
      CI: "1",
      NO_PROXY: expect.stringContaining("localhost") as string,
    });
  });

  it("is repeated when a file or a variable changed, not when nothing did", () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "a.ts"), "1");
    const first = fingerprint(root, ["a.ts", "missing"], ["x"]);
    expect(fingerprint(root, ["a.ts", "missing"], ["x"])).toBe(first);
    expect(fingerprint(root, ["a.ts", "missing"], ["y"])).not.toBe(first);
    writeFileSync(join(root, "a.ts"), "2");
    expect(fingerprint(root, ["a.ts", "missing"], ["x"])).not.toBe(first);
  });
});

describe("a page", () => {
  /** A clone whose bundler writes one file and then does as it is told. */
  const cloneWithBundler = (then: string) => {
    const root = temporaryFolder();
    mkdirSync(join(root, "node_modules/vite/bin"), { recursive: true });
    const bundler = `
      const { mkdirSync, writeFileSync } = require("node:fs");
      const at = process.argv.indexOf("--outDir");
      const folder = at < 0 ? "dist" : process.argv[at + 1];
      mkdirSync(folder, { recursive: true });
      writeFileSync(folder + "/index.html", "half of a page");
      writeFileSync("begun", "");
      ${then}`;
    writeFileSync(join(root, "node_modules/vite/bin/vite.js"), bundler);
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "dist/index.html"), "the page before");
    const children = new Children();
    return { root, children, page: () => readFileSync(join(root, "dist/index.html"), "utf8") };
  };

  it("takes the place of the one before when all of it is there, and is not built again", async () => {
    const { root, children, page } = cloneWithBundler("");
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    await buildPage(readSettings(root, {}), children, say);
    expect(page()).toBe("half of a page");
    expect(said).toEqual([expect.stringContaining("Building the page")]);
    rmSync(join(root, "begun"));
    await buildPage(readSettings(root, {}), children, say);
    expect(existsSync(join(root, "begun"))).toBe(false);
    expect(said).toHaveLength(1);
  });

  it("that another start has built meanwhile stays, since browsers may have it already", async () => {
    const wait = 'while (!require("node:fs").existsSync("go"));';
    const { root, children, page } = cloneWithBundler(wait);
    writeFileSync(join(root, "go"), "");
    await buildPage(readSettings(root, {}), children);
    const record = join(root, "dist/.inputs");
    const built = readFileSync(record, "utf8");
    for (const name of ["go", "begun", "dist/.inputs"]) rmSync(join(root, name));
    const building = buildPage(readSettings(root, {}), children);
    await expect.poll(() => existsSync(join(root, "begun")), { timeout: 20_000 }).toBe(true);
    writeFileSync(join(root, "dist/index.html"), "the page of the other");
    writeFileSync(record, built);
    writeFileSync(join(root, "go"), "");
    await building;
    expect(page()).toBe("the page of the other");
    expect(readdirSync(join(root, "node_modules/.cache/rollcall"))).toEqual([]);
  });

  it("whose build is stopped or fails leaves the one before as it was", async () => {
    const stopped = cloneWithBundler("setInterval(() => {}, 1_000);");
    const building = buildPage(readSettings(stopped.root, {}), stopped.children);
    await expect
      .poll(() => existsSync(join(stopped.root, "begun")), { timeout: 20_000 })
      .toBe(true);
    await stopped.children.stop();
    await building;
    expect(stopped.page()).toBe("the page before");
    expect(existsSync(join(stopped.root, "dist/.inputs"))).toBe(false);

    const failed = cloneWithBundler("process.exit(1);");
    await expect(buildPage(readSettings(failed.root, {}), failed.children)).rejects.toThrow(
      "The page cannot be built",
    );
    expect(failed.page()).toBe("the page before");
  });

  it("that cannot be built is told with its first error", () => {
    const output = `✗ Build failed in 702ms
error during build:
Build failed with 1 error:

\u001b[31m[UNRESOLVED_IMPORT] \u001b[0mCould not resolve './Nothing.tsx' in src/main.tsx
`;
    expect(firstErrorLine(output)).toBe(
      "[UNRESOLVED_IMPORT] Could not resolve './Nothing.tsx' in src/main.tsx",
    );
  });
});

describe("a data folder that a newer Rollcall has used", () => {
  it("is refused in one line that says what to do", () => {
    const dataDir = mkdtempSync(join(tmpdir(), "rollcall-downgrade-"));
    expect(() => refuseDowngrade(dataDir)).not.toThrow();
    writeStartState(dataDir, { ...readStartState(dataDir), dataVersion: DATA_VERSION });
    expect(() => refuseDowngrade(dataDir)).not.toThrow();
    writeStartState(dataDir, { ...readStartState(dataDir), dataVersion: DATA_VERSION + 1 });
    expect(() => refuseDowngrade(dataDir)).toThrow(
      /was used by a newer Rollcall .* restore a backup/,
    );
    rmSync(dataDir, { recursive: true });
  });
});
