import { describe, expect, test, vi } from "vitest";
import type { Message } from "../../core/messages.ts";
import type { OutboundRequest } from "../../convex/notifiers/notifier.ts";
import {
  hostOf,
  notifiers,
  parseConfig,
  requestsFor,
  shownConfig,
  targetOf,
} from "../../convex/notifiers/registry.ts";
import type { ChannelConfig, ChannelKind } from "../../convex/validators.ts";
import { HOSTILE, machine, message } from "./messages.ts";

const HOOK = "https://hooks.example.com/T0/B0/xyz";

/** One usable configuration of each kind; every secret is a word of its own, to be looked for. */
const configs: Record<ChannelKind, ChannelConfig> = {
  webhook: { url: HOOK, secret: "topsecret" },
  telegram: { botToken: "123:topsecret", chatId: "-100123", hasButtons: true },
  email: { to: "ops@example.com", smtpUrl: "smtps://u%40example.com:topsecret@mail.example.com" },
  slack: { url: HOOK },
  discord: { url: HOOK },
  teams: { url: HOOK },
  ntfy: { topic: "alerts", token: "topsecret" },
  gotify: { serverUrl: "https://gotify.example.com", token: "topsecret" },
  pushover: { token: "topsecret", user: "topsecret2" },
  matrix: {
    homeserverUrl: "https://matrix.example.com",
    accessToken: "topsecret",
    roomId: "!room:example.com",
  },
  pagerduty: { routingKey: "topsecret" },
  opsgenie: { apiKey: "topsecret" },
  template: { url: HOOK, body: '{"t": "{{title}}", "x": "{{text}}", "n": "{{name}}"}' },
  webpush: {
    endpoint: "https://push.example.com/xyz",
    p256dh: `topsecret${"A".repeat(78)}`,
    auth: `topsecret${"A".repeat(13)}`,
    browser: "Firefox on Linux",
  },
};
const kinds = Object.keys(notifiers) as ChannelKind[];
const options = { arePrivateAllowed: false };
const stored = (kind: ChannelKind) => parseConfig({ kind, config: configs[kind] }, options);

async function build(kind: ChannelKind, given: Message): Promise<OutboundRequest[]> {
  return await requestsFor({ kind, config: stored(kind) }, given, 0);
}

/** What the receiver reads. */
function textOf(request: OutboundRequest): string {
  switch (request.transport) {
    case "http":
      return request.body;
    case "smtp":
      return `${request.subject}\n${request.text}\n${request.html}`;
    case "push":
      return request.content;
    default:
      return request satisfies never;
  }
}

const events = [
  "machine.offline",
  "machine.online",
  "machine.late",
  "machine.flapping",
  "machine.reminder",
  "channel.failing",
  "test",
] as const;
const many = Array.from({ length: 100 }, (_unused, index) =>
  machine({ name: `${"n".repeat(95)}-${index}`, description: "d".repeat(500) }),
);

describe.each(kinds)("the channel %s", (kind) => {
  test("describes its form: a label for each field, and which are secrets", () => {
    const { fields, title } = notifiers[kind];
    expect(title).not.toBe("");
    expect(fields.length).toBeGreaterThan(0);
    for (const { name, label, type, options: choices } of fields) {
      expect(label).not.toBe(name);
      if (type === "choice") expect(choices.length).toBeGreaterThan(1);
    }
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
  });

  test("gives no secret away", () => {
    const channel = { kind, config: stored(kind) };
    const { config, secretsSet } = shownConfig(channel);
    const shown = JSON.stringify([config, targetOf(channel), hostOf(channel)]);
    expect(shown).not.toMatch(/topsecret|xyz/);
    expect(secretsSet.length).toBeGreaterThan(0);
  });

  test("names the machine first, and is the same for each attempt", async () => {
    const [request] = await build(kind, message());
    const [again] = await build(kind, message());
    expect(again).toEqual(request);
    const text = textOf(request!);
    const first = text.indexOf("web-1");
    expect(first).toBeGreaterThanOrEqual(0);
    for (const later of ["is offline", "2026-11-21", "Host:"]) {
      const position = text.indexOf(later);
      if (position >= 0) expect(position).toBeGreaterThan(first);
    }
  });

  test.each(events)("can tell %s", async (event) => {
    const problem = { channelName: "Ops", error: "No answer." };
    const about =
      event === "channel.failing"
        ? message({ event, machines: [], count: 0, problem })
        : message({ event, resolves: [{ id: "opening", unresolved: 0 }] });
    const requests = await build(kind, about);
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) {
      if (request.transport === "http" && request.headers["Content-Type"] === "application/json") {
        expect(() => JSON.parse(request.body) as unknown).not.toThrow();
      }
    }
  });

  test("makes hostile names harmless", async () => {
    const hostile = machine({ name: HOSTILE, hostname: HOSTILE, description: HOSTILE });
    for (const given of [
      message({ machines: [hostile] }),
      message({ machines: [hostile, hostile] }),
    ]) {
      for (const request of await build(kind, given)) {
        // What a webhook carries is data, for programs.
        if (kind !== "webhook") expect(textOf(request)).not.toContain("\u202E");
        if (request.transport === "http") JSON.parse(request.body);
      }
    }
  });

  test("keeps to its limits, and says how many it left out", async () => {
    for (const given of [
      message({ machines: many, count: 8_000 }),
      message({ machines: [many[0]!] }),
    ]) {
      for (const request of await build(kind, given)) checkLimits(kind, request);
    }
  });

  test.each<ChannelConfig>([{}, { url: "nonsense" }, { url: "http://10.0.0.1/" }])(
    "refuses %o with the field's name",
    (config) => {
      expect(() => parseConfig({ kind, config: { ...config } }, options)).toThrow(
        expect.objectContaining({
          data: expect.objectContaining({
            kind: "invalid",
            field: expect.stringMatching(/^config\./) as string,
          }) as unknown,
        }),
      );
    },
  );
});

function checkLimits(kind: ChannelKind, request: OutboundRequest): void {
  const json = request.transport === "http" ? (JSON.parse(request.body) as never) : null;
  const bytes = new TextEncoder().encode(textOf(request)).length;
  switch (kind) {
    case "telegram":
      expect((json as unknown as { text: string }).text.length).toBeLessThanOrEqual(4_096);
      return;
    case "slack": {
      const { blocks } = json as unknown as { blocks: { type: string; text: { text: string } }[] };
      for (const { type, text } of blocks) {
        expect(text.text.length).toBeLessThanOrEqual(type === "header" ? 150 : 3_000);
      }
      return;
    }
    case "discord": {
      const { embeds } = json as unknown as { embeds: { title: string; description: string }[] };
      expect(embeds[0]!.title.length).toBeLessThanOrEqual(256);
      expect(embeds[0]!.description.length).toBeLessThanOrEqual(4_096);
      return;
    }
    case "teams":
      expect(bytes).toBeLessThanOrEqual(28_000);
      return;
    case "ntfy": {
      const { title, message: text } = json as unknown as { title: string; message: string };
      expect(title.length).toBeLessThanOrEqual(250);
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(4_096);
      return;
    }
    case "pushover": {
      const sent = json as unknown as { title: string; message: string; url: string };
      expect(sent.title.length).toBeLessThanOrEqual(250);
      expect(sent.message.length).toBeLessThanOrEqual(1_024);
      expect(sent.url.length).toBeLessThanOrEqual(512);
      return;
    }
    case "matrix":
      expect(bytes).toBeLessThanOrEqual(60_000);
      return;
    case "pagerduty": {
      const { payload } = json as unknown as { payload: { summary: string } };
      expect(payload.summary.length).toBeLessThanOrEqual(1_024);
      expect(bytes).toBeLessThanOrEqual(512_000);
      return;
    }
    case "opsgenie": {
      const sent = json as unknown as { message: string; description: string };
      expect(sent.message.length).toBeLessThanOrEqual(130);
      expect(sent.description.length).toBeLessThanOrEqual(15_000);
      return;
    }
    case "webpush":
      // 4,096 bytes less what aes128gcm adds.
      expect(bytes).toBeLessThanOrEqual(3_993);
      return;
    case "email":
    case "gotify":
    case "webhook":
    case "template":
      expect(bytes).toBeLessThanOrEqual(200_000);
      return;
    default:
      kind satisfies never;
  }
}

const hostileText = async (kind: ChannelKind) =>
  textOf((await build(kind, message({ machines: [machine({ name: HOSTILE })] })))[0]!);

describe("hostile names", () => {
  test("are no HTML where HTML is read", async () => {
    for (const kind of ["telegram", "matrix", "email"] as const) {
      const [request] = await build(kind, message({ machines: [machine({ name: HOSTILE })] }));
      const { text, formatted_body } =
        request?.transport === "http"
          ? (JSON.parse(request.body) as { text?: string; formatted_body?: string })
          : {};
      const html = request?.transport === "smtp" ? request.html : (formatted_body ?? text);
      expect(html).toContain("&lt;b&gt;x&lt;/b&gt;");
      expect(html).not.toContain("<b>x</b>");
      expect(html).not.toContain("<!channel>");
    }
  });

  test("mention nobody in Slack and Discord", async () => {
    const slack = JSON.parse(await hostileText("slack")) as {
      text: string;
      blocks: { text: { type: string; text: string } }[];
    };
    expect(slack.text).not.toContain("<!channel>");
    for (const { text } of slack.blocks) {
      if (text.type === "mrkdwn") expect(text.text).not.toContain("channel>");
    }
    const discord = JSON.parse(await hostileText("discord")) as {
      allowed_mentions: unknown;
      embeds: { title: string }[];
    };
    expect(discord.allowed_mentions).toEqual({ parse: [] });
    expect(discord.embeds[0]!.title).not.toMatch(/[^\\]\[l\]\(http/);
  });

  test("are no placeholders and break out of no JSON", async () => {
    const { n } = JSON.parse(await hostileText("template")) as { n: string };
    expect(n).toContain("{{id}}");
    expect(n).toContain('"q" \\');
  });

  test("put no line into an e-mail's header", async () => {
    const name = "a\r\nBcc: evil@example.com";
    const [request] = await build("email", message({ machines: [machine({ name })] }));
    expect(request).toMatchObject({ subject: expect.not.stringMatching(/[\r\n]/) as string });
  });
});

describe("a group of machines", () => {
  const group = message({ machines: [machine(), machine({ name: "db-1" })], count: 40 });
  const massSilence = { silent: 40, watched: 50 };

  test("is told with all names and the likely cause", async () => {
    const text = await textFor("slack", { ...group, massSilence });
    expect(text).toContain("web-1 and 39 others are offline");
    expect(text).toContain("40 of 50 machines fell silent together: the network or this monitor");
    expect(text).toContain("db-1");
    expect(text).toContain("and 38 more");
  });

  test("S1.4 keeps the contract for one machine and adds to it for several", async () => {
    const single = JSON.parse(await textFor("webhook", message())) as object;
    expect(Object.keys(single)).toEqual(["event", "machine"]);
    expect(JSON.parse(await textFor("webhook", { ...group, massSilence }))).toMatchObject({
      event: "machine.offline",
      machine: { name: "web-1" },
      count: 40,
      machines: [{ name: "web-1" }, { name: "db-1" }],
      massSilence,
    });
  });

  test("is one alert in PagerDuty, resolved when the last one is back", async () => {
    const [trigger] = await build("pagerduty", group);
    expect(JSON.parse(textOf(trigger!))).toMatchObject({
      event_action: "trigger",
      dedup_key: "rollcall-delivery1",
    });
    const back = (unresolved: number) =>
      message({ id: "d2", event: "machine.online", resolves: [{ id: "delivery1", unresolved }] });
    const [partial] = await build("pagerduty", back(3));
    expect(JSON.parse(textOf(partial!))).toMatchObject({
      event_action: "trigger",
      dedup_key: "rollcall-delivery1",
      payload: { summary: expect.stringMatching(/^3 still offline/) as string },
    });
    const [resolved] = await build("pagerduty", back(0));
    expect(JSON.parse(textOf(resolved!))).toMatchObject({
      event_action: "resolve",
      dedup_key: "rollcall-delivery1",
    });
  });

  test("closes its alert in Opsgenie by its alias", async () => {
    const resolves = [{ id: "delivery1", unresolved: 0 }];
    const [close] = await build("opsgenie", message({ event: "machine.online", resolves }));
    expect(close).toMatchObject({
      url: "https://api.opsgenie.com/v2/alerts/rollcall-delivery1/close?identifierType=alias",
      headers: { Authorization: "GenieKey topsecret" },
    });
  });

  async function textFor(kind: ChannelKind, given: Message): Promise<string> {
    return textOf((await build(kind, given))[0]!);
  }
});

describe("what is particular", () => {
  test("Matrix gets the idempotency key as its transaction", async () => {
    const [request] = await build("matrix", message());
    expect(request).toMatchObject({
      method: "PUT",
      url: "https://matrix.example.com/_matrix/client/v3/rooms/!room%3Aexample.com/send/m.room.message/delivery1",
    });
  });

  test("an e-mail about a recovery answers the one about the alarm", async () => {
    const resolves = [{ id: "d1", unresolved: 0 }];
    const [mail] = await build("email", message({ id: "d2", event: "machine.online", resolves }));
    expect(mail).toMatchObject({
      messageId: "<d2@rollcall>",
      inReplyTo: "<d1@rollcall>",
      from: "u@example.com",
      to: ["ops@example.com"],
    });
  });

  test("without a mail server of its own e-mail uses the installation's", async () => {
    const config = parseConfig({ kind: "email", config: { to: "a@example.com" } }, options);
    await expect(requestsFor({ kind: "email", config }, message(), 0)).rejects.toThrow(/SMTP_URL/);
    vi.stubEnv("SMTP_URL", "smtp://mail.example.org:2525");
    const [mail] = await requestsFor({ kind: "email", config }, message(), 0);
    expect(mail).toMatchObject({ isGuarded: false, from: "rollcall@mail.example.org" });
    vi.unstubAllEnvs();
  });

  test.each([
    ["template", { url: HOOK, headers: "Host: evil" }, "config.headers"],
    ["template", { url: HOOK, headers: "no header" }, "config.headers"],
    ["template", { url: HOOK, body: '{"a": {{title}}}' }, "config.body"],
    ["email", { to: "nobody" }, "config.to"],
    ["email", { to: Array(30).fill("a@example.com").join(",") }, "config.to"],
    ["telegram", { botToken: "no token", chatId: "1" }, "config.botToken"],
    ["pagerduty", { routingKey: "k", severity: "loud" }, "config.severity"],
  ] as const)("%s refuses %o", (kind, config, field) => {
    expect(() => parseConfig({ kind, config }, options)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ field }) as unknown }),
    );
  });

  test("own headers and other methods reach the request", async () => {
    const config = {
      url: `${HOOK}?m={{name}}`,
      method: "GET",
      headers: "Authorization: Bearer abc\nX-A: b",
    };
    const given = message({ machines: [machine({ name: "a b&c" })] });
    const [request] = await requestsFor({ kind: "template", config }, given, 0);
    expect(request).toMatchObject({
      method: "GET",
      body: "",
      url: `${HOOK}?m=a%20b%26c`,
      headers: { Authorization: "Bearer abc", "X-A": "b" },
    });
  });
});
