/**
 * A push service on 127.0.0.1 and the browsers behind it, written from the standards: the service checks who sends
 * (RFC 8292), a browser reads what only it can (RFC 8291, 8188).
 */
import { createDecipheriv, createECDH, createHmac, type ECDH, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import { importJWK, jwtVerify } from "jose";

export interface Pushed {
  /** What the browser reads. */
  content: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  /** What the sender says of itself. */
  claims: Record<string, unknown>;
}

export interface Browser {
  subscription: { endpoint: string; p256dh: string; auth: string; browser: string };
  received: Pushed[];
}

export interface PushService {
  /** A new browser, subscribed with the key of whoever may send to it. */
  subscribe: (publicKey: string, browser?: string) => Browser;
  /** Answers to give, in order; 201 once they are used up. */
  answers: { status: number; headers?: Record<string, string> }[];
  close: () => Promise<void>;
}

interface Behind extends Browser {
  publicKey: string;
  keys: ECDH;
  authSecret: Buffer;
}

export async function startPushService(): Promise<PushService> {
  const browsers = new Map<string, Behind>();
  const answers: PushService["answers"] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const browser = browsers.get(request.url ?? "");
      const { status, headers = {} } = answers.shift() ?? { status: 201 };
      if (browser === undefined || status !== 201) {
        response.writeHead(browser === undefined ? 404 : status, headers).end();
        return;
      }
      void receive(browser, Buffer.concat(chunks), request.headers).then(
        () => response.writeHead(201).end(),
        () => response.writeHead(403).end(),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    subscribe: (publicKey, browser = "Firefox on Linux") => {
      const keys = createECDH("prime256v1");
      const p256dh = keys.generateKeys("base64url", "uncompressed");
      const authSecret = randomBytes(16);
      const path = `/push/${randomBytes(16).toString("hex")}`;
      const endpoint = `http://127.0.0.1:${port}${path}`;
      const auth = authSecret.toString("base64url");
      const subscription = { endpoint, p256dh, auth, browser };
      const behind = { subscription, received: [], publicKey, keys, authSecret };
      browsers.set(path, behind);
      return behind;
    },
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function receive(browser: Behind, body: Buffer, headers: IncomingHttpHeaders): Promise<void> {
  const { publicKey, received, subscription } = browser;
  const [, token = "", key = ""] =
    /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? "") ?? [];
  if (key !== publicKey) throw new Error("signed by somebody else");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString("base64url"),
  );
  const { payload } = await jwtVerify(
    token,
    await importJWK({ kty: "EC", crv: "P-256", x: x!, y: y! }, "ES256"),
    { audience: new URL(subscription.endpoint).origin },
  );
  const text = decrypt(browser, body);
  received.push({ content: JSON.parse(text) as never, headers, claims: { ...payload } });
}

function decrypt({ keys, authSecret }: Behind, body: Buffer): string {
  const salt = body.subarray(0, 16);
  const idLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + idLength);
  const record = body.subarray(21 + idLength);
  const hkdf = (salted: Buffer, secret: Buffer, info: Buffer, length: number) => {
    const pseudoRandom = createHmac("sha256", salted).update(secret).digest();
    const block = createHmac("sha256", pseudoRandom)
      .update(info)
      .update(Buffer.from([1]));
    return block.digest().subarray(0, length);
  };
  const shared = keys.computeSecret(sender);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), sender]);
  const secret = hkdf(authSecret, shared, info, 32);
  const key = hkdf(salt, secret, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = hkdf(salt, secret, Buffer.from("Content-Encoding: nonce\0"), 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString("utf8");
}
