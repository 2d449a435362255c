/** install.sh on a pretended machine: a folder as its root, and stand-ins for what only root may call. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { agentFiles } from "../../scripts/lib/agentFiles.ts";
import { TOKEN } from "./fakes.ts";

const clone = fileURLToPath(new URL("../..", import.meta.url));
let files: Record<string, string>;
let page: Server;
let pageUrl: string;
let root: string;
let bin: string;

beforeAll(async () => {
  files = await agentFiles(clone);
  page = createServer((request, response) => {
    const text = files[request.url?.slice(1) ?? ""];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  }).listen(0, "127.0.0.1");
  await once(page, "listening");
  pageUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
});
afterAll(() => page.close());

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "rollcall-root-"));
  bin = join(root, "stand-ins");
  mkdirSync(join(root, "run/systemd/system"), { recursive: true });
  mkdirSync(bin);
  standIn("id", "echo 0");
  standIn("chown", `echo "chown $*" >>${root}/calls`);
  standIn("systemctl", `echo "systemctl $*" >>${root}/calls`);
  standIn("useradd", `echo "useradd $*" >>${root}/calls; touch ${root}/user`);
  standIn("userdel", `echo "userdel $*" >>${root}/calls; rm ${root}/user`);
  standIn("getent", `test -e ${root}/user`);
  standIn("node", `echo v22.1.0`);
});

function standIn(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** As `curl … | sh -s -- …` does it. */
async function install(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(existsSync(join(bin, "sh")) ? join(bin, "sh") : "sh", ["-s", "--", ...args], {
    env: { PATH: `${bin}:/usr/bin:/bin`, DESTDIR: root },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => (output += data.toString()));
  child.stdin.end(files["install.sh"]);
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

const given = () => ["--from", pageUrl, "--url", "https://r.example/http", "--token", TOKEN];
const read = (path: string) => readFileSync(join(root, path), "utf8");
const calls = () => (existsSync(join(root, "calls")) ? read("calls").trim().split("\n") : []);
/** What was put on the machine, without the stand-ins. */
const installed = (): string[] =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /^(opt|etc|var)\//.test(path) && statSync(join(root, path)).isFile())
    .sort();

describe("install.sh", () => {
  it("S4.5 checks the agent's sum, creates a user without rights, and starts a confined service", async () => {
    expect(await install(...given())).toMatchObject({ code: 0 });
    expect(installed()).toEqual([
      "etc/rollcall/agent.env",
      "etc/rollcall/token",
      "etc/systemd/system/rollcall-agent.service",
      "opt/rollcall-agent/agent.mjs",
    ]);
    expect(read("opt/rollcall-agent/agent.mjs")).toBe(files["agent.mjs"]);
    expect(read("etc/rollcall/agent.env")).toBe("ROLLCALL_URL=https://r.example/http\n");
    expect(read("etc/rollcall/token")).toBe(`${TOKEN}\n`);
    expect(statSync(join(root, "etc/rollcall/token")).mode & 0o777).toBe(0o640);
    const unit = read("etc/systemd/system/rollcall-agent.service");
    expect(unit).toContain(`ExecStart=${bin}/node`);
    for (const line of ["User=rollcall-agent", "NoNewPrivileges=yes", "ProtectSystem=strict"])
      expect(unit).toContain(`\n${line}\n`);
    expect(unit).not.toContain(TOKEN);
    expect(calls()).toEqual([
      expect.stringMatching(/^useradd --system .*nologin rollcall-agent$/),
      expect.stringContaining("chown root:rollcall-agent"),
      "systemctl daemon-reload",
      "systemctl enable rollcall-agent",
      "systemctl restart rollcall-agent",
    ]);
  });

  it("run again takes the newest agent and keeps what was set", async () => {
    await install(...given(), "--interval", "15s");
    writeFileSync(join(root, "opt/rollcall-agent/agent.mjs"), "an older one");
    expect(await install("--from", pageUrl)).toMatchObject({ code: 0 });
    expect(read("opt/rollcall-agent/agent.mjs")).toBe(files["agent.mjs"]);
    expect(read("etc/rollcall/agent.env")).toContain("HEARTBEAT_INTERVAL=15s");
    expect(read("etc/rollcall/token")).toBe(`${TOKEN}\n`);
    expect(calls().filter((call) => call.startsWith("useradd"))).toHaveLength(1);
  });

  it("takes the agent for sh where there is no Node, or only an old one", async () => {
    standIn("node", "echo v18.19.0");
    expect(await install(...given())).toMatchObject({ code: 0 });
    expect(installed()).toContain("opt/rollcall-agent/agent.sh");
    expect(installed()).not.toContain("opt/rollcall-agent/agent.mjs");
    const unit = read("etc/systemd/system/rollcall-agent.service");
    expect(unit).toContain("ExecStart=/bin/sh /opt/rollcall-agent/agent.sh");
  });

  it("S0.2 takes an enrolment key in place of a token, and the instance id from its environment", async () => {
    const key = `rce_${"k".repeat(40)}`;
    standIn("sh", `MACHINE_ID=i-0abc exec /bin/sh "$@"`);
    const flags = given().slice(0, 4);
    expect(await install(...flags, "--enrolment-key", key)).toMatchObject({ code: 0 });
    expect(read("etc/rollcall/token")).toBe(`${key}\n`);
    expect(read("etc/rollcall/agent.env")).toContain("\nMACHINE_ID=i-0abc\n");
    expect(await install(...flags)).toMatchObject({ code: 0 });
    expect(read("etc/rollcall/token")).toBe(`${key}\n`);
  });

  it("--uninstall removes all of it, and says so again the second time", async () => {
    await install(...given());
    mkdirSync(join(root, "var/lib/rollcall-agent"), { recursive: true });
    writeFileSync(join(root, "var/lib/rollcall-agent/buffer.jsonl"), "{}");
    expect(await install("--uninstall")).toMatchObject({ code: 0 });
    expect(installed()).toEqual([]);
    expect(calls()).toContain("systemctl disable --now rollcall-agent");
    expect(calls().at(-1)).toBe("userdel rollcall-agent");
    expect(await install("--uninstall")).toMatchObject({ code: 0 });
  });
});

describe("install.sh installs nothing", () => {
  it("when the download does not have its sum", async () => {
    const whole = files["agent.mjs"] ?? "";
    files["agent.mjs"] = whole.slice(0, -100);
    const { code, output } = await install(...given());
    files["agent.mjs"] = whole;
    expect({ code, installed: installed(), calls: calls() }).toEqual({
      code: 1,
      installed: [],
      calls: [],
    });
    expect(output).toContain("is damaged");
  });

  it("without systemd, and says what to do instead", async () => {
    rmSync(join(root, "run"), { recursive: true });
    const { code, output } = await install(...given());
    expect(code).toBe(1);
    expect(output).toContain("There is no systemd here");
    expect(installed()).toEqual([]);
  });

  it("without root", async () => {
    standIn("id", "echo 1000");
    expect(await install(...given())).toMatchObject({
      code: 1,
      output: expect.stringContaining("needs root") as string,
    });
    expect(installed()).toEqual([]);
  });

  it.each([
    ["a malformed token, which it does not repeat", ["--token", "web-1:hunter2"], /malformed/],
    ["an address that would be another line", ["--url", "http://a/\nX=1"], /holds a character/],
    ["an option that it does not know", ["--listen", "80"], /no option --listen/],
    ["a page that has no agent", ["--from", "http://127.0.0.1:1"], /cannot be downloaded/],
  ])("with %s", async (_, extra, message) => {
    const { code, output } = await install(...given(), ...extra);
    expect(code).toBe(1);
    expect(output).toMatch(message);
    expect(output).not.toContain("hunter2");
    expect(installed()).toEqual([]);
  });

  it("when the script itself arrives only in part", async () => {
    const whole = files["install.sh"] ?? "";
    files["install.sh"] = whole.slice(0, whole.lastIndexOf("main"));
    await install(...given());
    files["install.sh"] = whole;
    expect({ installed: installed(), calls: calls() }).toEqual({ installed: [], calls: [] });
  });
});

it("the same sources give the same files, each with its SHA-256", async () => {
  expect(await agentFiles(clone)).toEqual(files);
  expect(Object.keys(files).sort()).toEqual(
    ["agent.mjs", "agent.sh", "install.sh", "rollcall.mjs"].flatMap((name) => [
      name,
      `${name}.sha256`,
    ]),
  );
});
