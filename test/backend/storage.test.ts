/** File storage: uploads, downloads, `ctx.storage` in every kind of function, and what a crash leaves behind. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import type { GenericId } from "convex/values";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, failure } from "../contract/support/failure.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/filesApp/convex/_generated/api.js";
import { DeployedApp } from "./support/deployedApp.ts";
import { canMount, mountSmallDisk, type SmallDisk } from "./support/smallDisk.ts";

type FileId = GenericId<"_storage">;

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes);
const { files } = api;

describe("file storage", () => {
  let app: DeployedApp;
  beforeAll(async () => {
    app = await DeployedApp.deploy("filesApp");
  });
  afterAll(() => app.dispose());

  const post = async (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(await app.mutation(files.uploadUrl, {}), { method: "POST", body, headers });
  const upload = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const response = await post(body, headers);
    expect(response.status).toBe(200);
    return ((await response.json()) as { storageId: FileId }).storageId;
  };
  const urlOf = async (id: FileId) => (await app.query(files.url, { id })) ?? "";
  const download = async (id: FileId, headers: Record<string, string> = {}) =>
    fetch(await urlOf(id), { headers });
  const onDisk = () => readdirSync(join(app.backend.dataDir, "files"));

  describe("over HTTP", () => {
    it("gives back what was uploaded, with its type and digest", async () => {
      const picture = randomBytes(300_000);
      const id = await upload(picture, { "content-type": "image/png" });
      const response = await download(id);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-type": "image/png",
        "content-length": "300000",
        "cache-control": "private, max-age=2592000",
        "accept-ranges": "bytes",
        digest: `sha-256=${sha256(picture).digest("base64")}`,
      });
    });

    it("tells metadata in all of its forms", async () => {
      const id = await upload("hello", { "content-type": "text/plain" });
      const expected = {
        storageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        size: 5,
        contentType: "text/plain",
        sha256: sha256("hello").digest("hex"),
      };
      expect(await app.query(files.metadata, { id })).toEqual(expected);
      expect(await app.action(files.metadataInAction, { id })).toEqual(expected);
      expect(await app.query(files.row, { id })).toEqual({
        _id: id,
        _creationTime: expect.any(Number) as number,
        size: 5,
        contentType: "text/plain",
        sha256: sha256("hello").digest("base64"),
      });
      const { storageId } = (await app.query(files.metadata, { id })) ?? { storageId: "" };
      expect(await app.query(files.metadata, { id: storageId })).toEqual(expected);
    });

    it("stores an empty file and one without a type", async () => {
      const empty = await upload("", { "content-type": "text/plain" });
      expect(await (await download(empty)).text()).toBe("");
      const typeless = await upload(new Uint8Array([1, 2]));
      expect((await download(typeless)).headers.get("content-type")).toBeNull();
      expect(await app.query(files.row, { id: typeless })).toMatchObject({ contentType: null });
    });

    it.each([
      ["bytes=2-4", "cde", "bytes 2-4/10"],
      ["bytes=7-", "hij", "bytes 7-9/10"],
      ["bytes=-2", "ij", "bytes 8-9/10"],
      ["bytes=5-99", "fghij", "bytes 5-9/10"],
      ["bytes=-99", "abcdefghij", "bytes 0-9/10"],
    ])("gives a part (%s)", async (range, part, contentRange) => {
      const response = await download(await upload("abcdefghij"), { range });
      expect(response.status).toBe(206);
      expect(response.headers.get("content-range")).toBe(contentRange);
      expect(await response.text()).toBe(part);
    });

    it.each(["bytes=10-", "bytes=4-2", "bytes=0-1,3-4", "bytes=x-y", "bytes=-0"])(
      "refuses a part that there is not (%s)",
      async (range) => {
        const response = await download(await upload("abcdefghij"), { range });
        expect(response.status).toBe(416);
        expect(response.headers.get("content-range")).toBe("bytes */10");
      },
    );

    it("answers HEAD without the contents", async () => {
      const response = await fetch(await urlOf(await upload("abc")), { method: "HEAD" });
      expect(response.headers.get("content-length")).toBe("3");
      expect(await response.text()).toBe("");
    });

    it("checks the digest that an upload announces", async () => {
      const right = `sha-256=${sha256("hello").digest("base64")}`;
      expect((await post("hello", { digest: right })).status).toBe(200);
      const before = await app.query(files.sizes, {});
      const wrong = await post("hullo", { digest: right });
      expect(wrong.status).toBe(400);
      expect(await wrong.json()).toMatchObject({ code: "Sha256Mismatch" });
      expect((await post("hello", { digest: "md5=abc" })).status).toBe(400);
      expect(await app.query(files.sizes, {})).toEqual(before);
    });

    it("lets nobody upload without a token of ours", async () => {
      const good = await app.mutation(files.uploadUrl, {});
      const token = new URL(good).searchParams.get("token") ?? "";
      const [payload = "", signature = ""] = token.split(".");
      const other = Buffer.from(JSON.stringify(["album", Date.now()])).toString("base64url");
      for (const bad of ["", "nonsense", payload, `${other}.${signature}`, `${payload}.x`]) {
        const url = `${app.backend.url}/api/storage/upload?token=${bad}`;
        const response = await fetch(url, { method: "POST", body: "x" });
        expect(response.status, bad).toBe(401);
      }
    });

    it("takes uploads from pages of other origins", async () => {
      const url = await app.mutation(files.uploadUrl, {});
      const origin = "https://app.example";
      const preflight = await fetch(url, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-headers": "content-type,digest" },
      });
      expect(preflight.headers.get("access-control-allow-headers")).toContain("digest");
      const response = await fetch(url, { method: "POST", body: "x", headers: { origin } });
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    });

    it("refuses a file above the limit before it is sent", async () => {
      const url = new URL(await app.mutation(files.uploadUrl, {}));
      const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 99999999999\r\n\r\n`;
      const status = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(url.port), url.hostname, () => socket.write(head));
        socket.once("data", (data) => {
          resolve(data.toString().split("\r\n")[0] ?? "");
          socket.destroy();
        });
        socket.once("error", reject);
      });
      expect(status).toContain("413");
    });

    it("runs no script of an uploaded page on its own origin", async () => {
      const id = await upload("<script>alert(1)</script>", { "content-type": "text/html" });
      const { headers } = await download(id);
      expect(headers.get("content-security-policy")).toMatch(/^sandbox/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    });

    it("knows files by their secret names alone", async () => {
      const id = await upload("abc");
      for (const path of [id, "00000000-0000-4000-8000-000000000000", "..%2fadminKey", "x"]) {
        const { status } = await fetch(`${app.backend.url}/api/storage/${path}`);
        expect([400, 404], path).toContain(status);
      }
    });

    it("stores uploads that come at once, each as a whole", async () => {
      const bodies = Array.from({ length: 12 }, (_, n) => randomBytes(100_000 + n));
      const ids = await Promise.all(bodies.map((body) => upload(body)));
      expect(new Set(ids).size).toBe(12);
      for (const [n, id] of ids.entries()) {
        const bytes = Buffer.from(await (await download(id)).arrayBuffer());
        expect(bytes.equals(bodies[n] ?? Buffer.alloc(0))).toBe(true);
      }
    });
  });

  describe("in functions", () => {
    it("an action stores and reads, and makes URLs", async () => {
      const id = await app.action(files.storeInAction, { text: "0123456789", repeat: 200_000 });
      expect(await app.action(files.readInAction, { id })).toEqual({
        part: "0123456789",
        size: 2_000_000,
        type: "text/plain",
        whole: 2_000_000,
      });
      expect(await app.action(files.urlInAction, { id })).toBe(await urlOf(id));
      const url = await app.action(files.uploadUrlInAction, {});
      expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(200);
    });

    it("a mutation stores and reads, within limits of its own", async () => {
      const id = await app.mutation(files.storeInMutation, { text: "from a mutation" });
      expect(await (await download(id)).text()).toBe("from a mutation");
      expect(await app.mutation(files.readInMutation, { id })).toEqual({
        text: "from a mutation",
        type: "text/plain",
        filesRead: 1,
        fileReadBytes: 15,
      });
    });

    it.each(["action", "mutation"] as const)(
      "a digest that does not fit fails the %s",
      async (kind) => {
        const store = (text: string) => {
          const args = { text, sha256: sha256("right").digest("hex") };
          if (kind === "action") return app.action(files.storeInAction, args);
          return app.mutation(files.storeInMutation, args);
        };
        expect(await store("right")).toBeTypeOf("string");
        expect((await failure(store("wrong"))).message).toMatch(/sha256/);
      },
    );

    it("a mutation that fails has stored and deleted nothing", async () => {
      const id = await app.mutation(files.storeInMutation, { text: "kept" });
      const attachments = await app.query(files.attachments, {});
      const sizes = await app.query(files.sizes, {});
      await failure(app.mutation(files.storeInMutation, { text: "lost", fails: true }));
      await failure(app.mutation(files.removeThenFail, { id }));
      expect(await app.mutation(files.storeRolledBack, {})).toBe(sizes.length);
      expect(await app.query(files.attachments, {})).toBe(attachments);
      expect(await app.query(files.sizes, {})).toEqual(sizes);
      expect(await (await download(id)).text()).toBe("kept");
    });

    it.each(["mutation", "action"] as const)(
      "a file deleted by a %s is gone at once, for subscriptions, too",
      async (kind) => {
        const id = await upload("short-lived");
        const url = await urlOf(id);
        const client = new ConvexClient(app.backend.url, { logger: false });
        const urls = watch(client, files.url, { id });
        await urls.until((seen) => seen === url);
        if (kind === "mutation") await app.mutation(files.remove, { id });
        else await app.action(files.removeInAction, { id });
        await urls.until((seen) => seen === null);
        await client.close();
        expect((await fetch(url)).status).toBe(404);
        expect(await app.query(files.row, { id })).toBeNull();
        expect(await app.query(files.metadata, { id })).toBeNull();
        expect(await app.action(files.readInAction, { id })).toBeNull();
        expect((await failure(app.mutation(files.remove, { id }))).message).toMatch(/not found/);
      },
    );

    it("an id of no file is refused by name", async () => {
      await upload("so that there is a table");
      const { message } = await failure(app.query(files.metadata, { id: "nonsense" }));
      expect(message).toMatch(/Invalid argument `storageId` for `storage.getMetadata`/);
    });
  });

  it("keeps the files of a component apart from the app's", async () => {
    const url = await app.mutation(files.albumUploadUrl, {});
    const sizes = await app.query(files.sizes, {});
    const response = await fetch(url, { method: "POST", body: "in the album" });
    const { storageId } = (await response.json()) as { storageId: FileId };
    expect(await app.query(files.albumCount, {})).toBe(1);
    expect(await app.query(files.sizes, {})).toEqual(sizes);

    const address = new URL((await app.mutation(files.albumAdd, { file: storageId })) ?? "");
    expect(await (await fetch(address)).text()).toBe("in the album");
    address.search = "";
    expect((await fetch(address)).status).toBe(404);
    address.search = "?component=nowhere";
    expect((await fetch(address)).status).toBe(404);
  });

  describe("across a crash", () => {
    it("loses no file that was acknowledged", async () => {
      const uploaded = await upload("uploaded");
      const stored = await app.action(files.storeInAction, { text: "stored" });
      const written = await app.mutation(files.storeInMutation, { text: "written" });
      const token = await app.mutation(files.uploadUrl, {});
      await app.backend.kill("SIGKILL");
      await app.backend.start();
      expect(await (await download(uploaded)).text()).toBe("uploaded");
      expect(await (await download(stored)).text()).toBe("stored");
      expect(await (await download(written)).text()).toBe("written");
      expect((await fetch(token, { method: "POST", body: "later" })).status).toBe(200);
    });

    it("shows nothing of an upload that broke off", async () => {
      const sizes = await app.query(files.sizes, {});
      const url = new URL(await app.mutation(files.uploadUrl, {}));
      const before = onDisk().length;
      const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 1000\r\n\r\nhalf`;
      const socket = connect(Number(url.port), url.hostname, () => socket.write(head));
      await eventually(onDisk, ({ length }) => length === before + 1);
      socket.destroy();
      await eventually(onDisk, ({ length }) => length === before);
      expect(await app.query(files.sizes, {})).toEqual(sizes);
    });

    it("collects what nothing names once it is old, and nothing else", async () => {
      const kept = await upload("kept");
      const dropped = await upload("dropped");
      const name = (await urlOf(dropped)).split("/").at(-1) ?? "";
      await app.mutation(files.remove, { id: dropped });
      const folder = join(app.backend.dataDir, "files");
      const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
      // Stored long ago, deleted just now: a backup that began before may still want it.
      const wanted = await upload("wanted");
      const wantedName = (await urlOf(wanted)).split("/").at(-1) ?? "";
      utimesSync(join(folder, wantedName), old, old);
      await app.mutation(files.remove, { id: wanted });
      await app.backend.kill("SIGKILL");
      writeFileSync(join(folder, "young"), "an upload that is under way");
      const isYoung = (one: string) => one === "young" || one === wantedName;
      for (const one of readdirSync(folder).filter((one) => !isYoung(one)))
        utimesSync(join(folder, one), old, old);
      await app.backend.start();
      await eventually(
        () => existsSync(join(folder, name)),
        (exists) => !exists,
      );
      expect(readdirSync(folder).filter(isYoung)).toHaveLength(2);
      expect(await (await download(kept)).text()).toBe("kept");
    });
  });
});

describe.runIf(canMount)("a disk that is too small for a file", () => {
  let disk: SmallDisk;
  let app: DeployedApp;
  beforeAll(async () => {
    disk = mountSmallDisk(96) as SmallDisk;
    app = await DeployedApp.deploy("filesApp", {}, join(disk.folder, "data"));
  });
  afterAll(async () => {
    await app.dispose();
    disk.dispose();
  });

  it("refuses it, keeps nothing of it, and takes the next one", async () => {
    const upload = async (megabytes: number) =>
      fetch(await app.mutation(files.uploadUrl, {}), {
        method: "POST",
        body: Buffer.alloc(megabytes << 20),
      });
    const refused = await upload(120);
    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ code: "DiskFull" });
    expect(readdirSync(join(app.backend.dataDir, "files"))).toEqual([]);
    expect((await upload(1)).status).toBe(200);
    expect(await app.query(files.sizes, {})).toEqual([1 << 20]);
  });
});
