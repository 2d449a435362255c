import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sendMail } from "../../convex/notifiers/mail.ts";
import type { MailRequest } from "../../convex/notifiers/notifier.ts";
import { parseConfig, requestsFor } from "../../convex/notifiers/registry.ts";
import { type MailServer, startMailServer } from "./mailServer.ts";
import { HOSTILE, machine, message } from "./messages.ts";

let server: MailServer;

beforeEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  server = await startMailServer();
});

afterEach(() => server.close());

async function mail(name = "web-1"): Promise<MailRequest> {
  const given = {
    to: "ops@example.com, b@example.com",
    from: "a@example.com",
    smtpUrl: server.url,
  };
  const config = parseConfig({ kind: "email", config: given }, { arePrivateAllowed: true });
  const about = message({ machines: [machine({ name })] });
  const [request] = await requestsFor({ kind: "email", config }, about, 0);
  if (request?.transport !== "smtp") throw new Error("that is no mail");
  return request;
}

describe("an e-mail", () => {
  test("arrives with the machine in its subject, as text and HTML", async () => {
    expect(await sendMail(await mail())).toMatchObject({ kind: "delivered", responseStatus: 250 });
    const [got] = server.received;
    expect(got?.from).toContain("<a@example.com>");
    expect(got?.to).toHaveLength(2);
    expect(got?.data).toMatch(/^Subject: .*web-1/m);
    expect(got?.data).toContain("Message-ID: <delivery1@rollcall>");
    expect(got?.data).toMatch(/Content-Type: text\/plain[^]*Content-Type: text\/html/);
  });

  test("about a hostile name has no headers of its making", async () => {
    await sendMail(await mail(`a\r\nBcc: evil@example.com ${HOSTILE}`));
    expect(server.received[0]?.to).toHaveLength(2);
    expect(server.received[0]?.data).not.toMatch(/^Bcc:/m);
  });

  test.each([
    ["MAIL", "450 later", { kind: "failed", isRetryable: true, responseStatus: 450 }],
    ["RCPT", "550 nobody", { kind: "failed", isRetryable: false, responseStatus: 550 }],
    ["end", "451 busy", { kind: "failed", isRetryable: true, responseStatus: 451 }],
    ["end", "554 spam", { kind: "failed", isRetryable: false, responseStatus: 554 }],
  ])("refused at %s with %s is classed so", async (verb, answer, expected) => {
    server.answers[verb] = answer;
    expect(await sendMail(await mail())).toMatchObject(expected);
  });

  test("whose server is not there is tried again", async () => {
    const request = await mail();
    server.close();
    expect(await sendMail(request)).toMatchObject({ kind: "failed", isRetryable: true });
  });

  test("is not sent through a private server that a person named", async () => {
    vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
    expect(await sendMail(await mail())).toMatchObject({ kind: "failed", isRetryable: false });
    expect(server.received).toEqual([]);
    const own = { ...(await mail()), isGuarded: false };
    expect(await sendMail(own)).toMatchObject({ kind: "delivered" });
  });

  test("that the server fell silent about may have arrived", async () => {
    server.answers["end"] = "silence";
    const request = await mail();
    expect(await sendMail(request, { timeoutMs: 300 })).toMatchObject({ kind: "uncertain" });
  });
});
