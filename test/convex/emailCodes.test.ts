import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import * as Mail from "../../convex/notifiers/mail.ts";
import { enter, enterAs, hashCheaply, JWT_PRIVATE_KEY } from "./passwords.ts";
import { settle, startBackend, type Backend } from "./setup.ts";

const email = "alice@example.com";
const newPassword = "a new long password";
let t: Backend;
// A spy and not a mocked module: files share their modules, and a module that another file has loaded stays as it is.
const delivered = { kind: "delivered", responseStatus: 250, latencyMs: 1 } as const;
const spyOnMail = () => vi.spyOn(Mail, "sendMail").mockResolvedValue(delivered);
let sendMail: ReturnType<typeof spyOnMail>;

beforeEach(() => {
  t = startBackend();
  hashCheaply();
  vi.stubEnv("JWT_PRIVATE_KEY", JWT_PRIVATE_KEY);
  vi.stubEnv("SMTP_URL", "smtp://rollcall:secret@mail.example.com");
  vi.stubEnv("SITE_URL", "https://rollcall.example.com");
  sendMail = spyOnMail();
});

/** The code in the link of the last mail. */
function lastCode(): string {
  const mail = sendMail.mock.lastCall?.[0];
  return /#([0-9a-f]+)/.exec(mail?.text ?? "")?.[1] ?? "";
}

const signUp = async () => await enterAs(t, "signUp", { email });

describe("a forgotten password", () => {
  test("is replaced by a link that works once; all sessions end", async () => {
    const alice = await signUp();
    await t.action(api.emailCodes.requestReset, { email, language: "de" });
    await settle(t);
    expect(sendMail.mock.lastCall?.[0]).toMatchObject({
      to: [email],
      subject: "Rollcall-Passwort zurücksetzen",
    });
    const code = lastCode();
    await t.action(api.emailCodes.resetPassword, { code, newPassword });
    expect(await alice.query(api.users.me, {})).toBeNull();
    await enter(t, "signIn", { email, password: newPassword });
    await expect(
      t.action(api.emailCodes.resetPassword, { code, newPassword: "yet another one" }),
    ).rejects.toMatchObject({ data: { kind: "notFound" } });
  });

  test("of nobody gets the same answer, and no mail", async () => {
    expect(await t.action(api.emailCodes.requestReset, { email })).toBeNull();
    await settle(t);
    expect(sendMail).not.toHaveBeenCalled();
  });

  test("cannot be asked for without end", async () => {
    await signUp();
    const ask = async () => await t.action(api.emailCodes.requestReset, { email });
    for (let count = 0; count < 3; count += 1) await ask();
    await expect(ask()).rejects.toMatchObject({ data: { kind: "rateLimited" } });
  });

  test("is not replaced by a link that verifies an address", async () => {
    const alice = await signUp();
    await alice.action(api.emailCodes.requestVerification, {});
    await settle(t);
    await expect(
      t.action(api.emailCodes.resetPassword, { code: lastCode(), newPassword }),
    ).rejects.toMatchObject({ data: { kind: "notFound" } });
  });
});

test("an address is verified by the link that was sent to it", async () => {
  const alice = await signUp();
  expect(await alice.query(api.accounts.get, {})).toMatchObject({ isEmailVerified: false });
  await alice.action(api.emailCodes.requestVerification, {});
  await settle(t);
  await t.action(api.emailCodes.verify, { code: lastCode() });
  expect(await alice.query(api.accounts.get, {})).toMatchObject({ isEmailVerified: true });
});

test("without a mail server nothing is promised", async () => {
  vi.stubEnv("SMTP_URL", undefined);
  expect(await t.query(api.installation.status, {})).toMatchObject({ canSendMail: false });
  await expect(t.action(api.emailCodes.requestReset, { email })).rejects.toMatchObject({
    data: { kind: "invalid" },
  });
});
