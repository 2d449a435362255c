import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { closeLater, startServers } from "./support/testServers.ts";

const SCRIPT = "console.log('rollcall');\n".repeat(200);
const INDEX = "<!doctype html><title>Page</title><script src=/assets/app-1a2b.js></script>";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "page-"));
  const page = join(folder, "dist");
  await mkdir(join(page, "assets"), { recursive: true });
  await mkdir(join(page, "folder.d"));
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "dist-secret.txt"), "secret");
  await writeFile(join(page, ".env"), "secret");
  await writeFile(join(page, "index.html"), INDEX);
  await writeFile(join(page, "favicon.svg"), "<svg/>");
  await writeFile(join(page, "assets/app-1a2b.js"), SCRIPT);
  await writeFile(join(page, "assets/ready-1a2b.css"), "a{}".repeat(1000));
  await writeFile(join(page, "assets/ready-1a2b.css.br"), "made by the build");
  await writeFile(join(page, "assets/photo-1a2b.png"), Buffer.alloc(5000));
  await symlink(join(folder, "secret.txt"), join(page, "link.txt"));
  return () => rm(folder, { recursive: true });
});

const start = () => startServers({ staticDir: join(folder, "dist") });

/** The path as it is written, which fetch would tidy up first. */
function raw(port: number, path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status?: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sending = httpRequest(
        { port, host: "127.0.0.1", path, headers, method },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              ...(response.statusCode === undefined ? {} : { status: response.statusCode }),
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      sending.on("error", reject);
      sending.end();
    },
  );
}

describe("the page", () => {
  test("is at the root and at every address that the app routes itself", async () => {
    const { port } = await start();
    for (const path of ["/", "/machines/abc", "/machines/", "/sign-in?next=%2Fx", "/index.html"]) {
      const { status, headers, body } = await raw(port, path);
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(headers["cache-control"]).toBe("no-cache");
      expect(body.toString()).toBe(INDEX);
    }
  });

  test("files named after their content are kept for ever, others are asked about", async () => {
    const { port } = await start();
    const script = await raw(port, "/assets/app-1a2b.js");
    expect(script.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
    });
    const icon = await raw(port, "/favicon.svg");
    expect(icon.headers).toMatchObject({
      "cache-control": "no-cache",
      "content-type": "image/svg+xml",
    });
  });

  test("a file that is not there is 404, not the page", async () => {
    const { port } = await start();
    for (const path of ["/assets/app-old.js", "/robots.txt", "/assets/x.map"]) {
      expect((await raw(port, path)).status).toBe(404);
    }
  });

  test("a browser that has the file gets 304, until the file changes", async () => {
    const { port } = await start();
    const etag = String((await raw(port, "/favicon.svg")).headers["etag"]);
    const again = await raw(port, "/favicon.svg", { "if-none-match": `"other", W/${etag}` });
    expect(again).toMatchObject({ status: 304 });
    expect(again.body).toHaveLength(0);
    const file = join(folder, "dist", "favicon.svg");
    await writeFile(file, "<svg id='2'/>");
    await utimes(file, 1, 1);
    const changed = await raw(port, "/favicon.svg", { "if-none-match": etag });
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body.toString()).toBe("<svg id='2'/>");
  });

  test("what can be packed is packed as the browser can read it", async () => {
    const { port } = await start();
    const get = (path: string, accepted: string) =>
      raw(port, path, { "accept-encoding": accepted });
    const br = await get("/assets/app-1a2b.js", "gzip, deflate, br");
    expect(br.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" });
    expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT);
    const gzip = await get("/assets/app-1a2b.js", "gzip, br;q=0");
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    expect(gzip.headers["etag"]).not.toBe(br.headers["etag"]);
    const plain = await get("/assets/app-1a2b.js", "identity");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
    const ready = await get("/assets/ready-1a2b.css", "br");
    expect(ready.body.toString()).toBe("made by the build");
    const photo = await get("/assets/photo-1a2b.png", "br");
    expect(photo.headers["content-encoding"]).toBeUndefined();
  });

  test("HEAD has the headers and no body, other methods are refused", async () => {
    const { port } = await start();
    const head = await raw(port, "/assets/app-1a2b.js", {}, "HEAD");
    expect(head.headers["content-length"]).toBe(String(SCRIPT.length));
    expect(head.body).toHaveLength(0);
    const post = await raw(port, "/assets/app-1a2b.js", {}, "POST");
    expect(post).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test("scripts of others cannot run in it, and nobody can frame it", async () => {
    const { port } = await start();
    const { headers } = await raw(port, "/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(
      "connect-src 'self' http://cloud.test ws://cloud.test http://site.test ws://site.test;",
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  test("policy and headers are what the deployment says, where it says something", async () => {
    const { port } = await startServers({
      staticDir: join(folder, "dist"),
      pagePolicy: ["style-src 'self'"],
      pageHeaders: ["Strict-Transport-Security: max-age=31536000"],
    });
    const { headers } = await raw(port, "/");
    expect(String(headers["content-security-policy"])).toContain("style-src 'self';");
    expect(String(headers["content-security-policy"])).not.toContain("unsafe-inline");
    expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    await expect(startServers({ staticDir: folder, pageHeaders: ["nothing"] })).rejects.toThrow(
      '"nothing" is no page header or policy directive.',
    );
  });

  const traversals = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/%2e%2e%5csecret.txt",
    "//etc/passwd.txt",
    "/%2fetc%2fpasswd.txt",
    "/../dist-secret.txt",
    "/link.txt",
    "/.env",
    "/%2eenv",
    "/secret.txt%00.js",
    "/%00",
    "/%c0%ae%c0%ae/secret.txt",
    "/%",
    "/folder.d",
  ];
  for (const path of traversals) {
    test(`${path} leads nowhere`, async () => {
      const { port } = await start();
      const { status, body } = await raw(port, path);
      expect(body.toString()).not.toContain("secret\n");
      expect(body.toString()).not.toBe("secret");
      if (status === 200) expect(body.toString()).toBe(INDEX);
      else expect([400, 404]).toContain(status);
    });
  }

  test("an unknown API address is never the page", async () => {
    const { port } = await start();
    const answer = await raw(port, "/api/unknown");
    expect(answer).toMatchObject({ status: 404, headers: { "content-type": "application/json" } });
  });

  test("a folder without a build says that there is nothing", async () => {
    const empty = await mkdtemp(join(tmpdir(), "page-"));
    closeLater(() => rm(empty, { recursive: true }));
    const { port } = await startServers({ staticDir: join(empty, "missing") });
    expect((await raw(port, "/")).status).toBe(404);
  });
});
