/** A real webhook receiver on this machine that keeps what it gets and checks signatures as a customer would. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ReceivedWebhook {
  event: string;
  headers: IncomingHttpHeaders;
  rawBody: string;
  body: Record<string, unknown>;
}

export interface WebhookReceiver {
  url: string;
  received: ReceivedWebhook[];
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    void text(request).then((rawBody) => {
      const body = JSON.parse(rawBody) as Record<string, unknown>;
      received.push({ event: String(body.event), headers: request.headers, rawBody, body });
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** S1.4: whether `X-Webhook-Signature` is the HMAC-SHA256 of exactly the bytes that came. */
export function isSignedWith(secret: string, webhook: ReceivedWebhook): boolean {
  const expected = `sha256=${createHmac("sha256", secret).update(webhook.rawBody).digest("hex")}`;
  const given = String(webhook.headers["x-webhook-signature"]);
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  );
}
