import { describe, expect, it } from "vitest";
import { readConfig } from "../../agent/config.ts";
import { TOKEN } from "./fakes.ts";

const otherToken = TOKEN.replace("web1", "web2");

function read(
  argv: string[],
  env: Record<string, string> = {},
  files: Record<string, string> = {},
) {
  return readConfig({
    argv,
    env,
    cwd: "/srv/bot",
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
      return text;
    },
  });
}

const required = ["--url", "http://localhost:3211", "--token", TOKEN];

function configOf(result: ReturnType<typeof readConfig>) {
  if (result.kind !== "run") throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return result.config;
}

describe("where settings come from", () => {
  it("S2.3 has the documented defaults", () => {
    expect(configOf(read(required))).toEqual({
      url: "http://localhost:3211",
      token: TOKEN,
      enrolmentKey: null,
      intervalMs: null,
      timeoutMs: 10_000,
      maxFailures: 3,
      diskPaths: ["/"],
      rootDirectory: "/srv/bot",
      maxServers: null,
      gaugesFile: null,
      stateDirectory: null,
    });
  });

  it("takes several disks, the most important first", () => {
    const { diskPaths } = configOf(read([...required, "--disk", "/srv, /,"]));
    expect(diskPaths).toEqual(["/srv", "/"]);
  });

  it("S2.3 reads the environment, plain numbers as seconds", () => {
    const env = {
      ROLLCALL_URL: "https://rollcall.example.com/http/",
      ROLLCALL_TOKEN: TOKEN,
      HEARTBEAT_INTERVAL: "10",
      HEARTBEAT_TIMEOUT: "500ms",
      MAX_HEARTBEAT_FAILURES: "5",
    };
    expect(configOf(read([], env))).toMatchObject({
      url: "https://rollcall.example.com/http",
      intervalMs: 10_000,
      timeoutMs: 500,
      maxFailures: 5,
    });
  });

  it("prefers flags to the environment and the environment to the token file", () => {
    const env = { ROLLCALL_TOKEN_FILE: "/etc/token", HEARTBEAT_INTERVAL: "10" };
    const files = { "/etc/token": `${otherToken}\n` };
    const address = ["--url", "http://localhost:3211"];
    expect(configOf(read(address, env, files)).token).toBe(otherToken);
    expect(configOf(read(address, { ...env, ROLLCALL_TOKEN: TOKEN }, files)).token).toBe(TOKEN);
    expect(configOf(read([...required, "--interval", "2m"], env, files)).intervalMs).toBe(120_000);
  });

  it("warns about a token on an open line, not about this machine", () => {
    const warnings = (url: string) => {
      const result = read(["--url", url, "--token", TOKEN]);
      return result.kind === "run" ? result.warnings.length : null;
    };
    expect(warnings("http://rollcall.example.com")).toBe(1);
    expect(warnings("https://rollcall.example.com")).toBe(0);
    expect(warnings("http://127.0.0.1:3211")).toBe(0);
  });
});

describe("what is wrong is said with what would be right", () => {
  it.each([
    ["no address", ["--token", TOKEN], /No address\. Give --url/],
    [
      "an address that is no URL",
      ["--url", "localhost:3211", "--token", TOKEN],
      /no http\(s\) URL/,
    ],
    ["an address with a query", ["--url", "http://a/?x=1", "--token", TOKEN], /must have no/],
    ["no token", ["--url", "http://a"], /No token/],
    [
      "a token file that is missing",
      ["--url", "http://a", "--token-file", "/x"],
      /cannot be read: ENOENT/,
    ],
    [
      "an enrolment key that is none",
      ["--url", "http://a", "--enrolment-key", "rck_x"],
      /Right is rce_/,
    ],
    ["an interval of nonsense", [...required, "--interval", "often"], /"often" is no time.*30s/],
    ["an interval under a second", [...required, "--interval", "10ms"], /between 1s and 24h/],
    ["no failures allowed", [...required, "--max-failures", "0"], /whole number from 1/],
    ["an unknown flag", [...required, "--listen", "80"], /Unknown option '--listen'/],
  ])("%s", (_, argv, message) => {
    const result = read(argv);
    expect(result).toEqual({ kind: "wrong", message: expect.stringMatching(message) as string });
  });

  it("never repeats a malformed token", () => {
    const result = read(["--url", "http://a", "--token", "web-1:hunter2hunter2"]);
    expect(result.kind).toBe("wrong");
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });

  it("answers --help with every flag", () => {
    const result = read(["--help"]);
    expect(result).toMatchObject({ kind: "help" });
    expect(JSON.stringify(result)).toContain("--max-failures");
  });
});
