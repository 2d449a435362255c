import { act, screen, waitFor, within } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { channel, delivery, NOW, pageOf } from "./support/cast.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

function backendWith(channels = [channel()], deliveries: ReturnType<typeof delivery>[] = []) {
  const backend = backendOfAlice();
  backend.answer("channels:list", channels);
  backend.answer("deliveries:list", pageOf(deliveries));
  backend.answer("channels:kinds", kinds);
  backend.answer("push:list", []);
  backend.handle("channels:update", () => null);
  backend.handle("channels:create", () => ({ channelId: "c2" }));
  backend.handle("channels:test", () => ({ deliveryId: "d1" }));
  backend.handle("channels:remove", () => null);
  return backend;
}

const deliveries = () =>
  within(screen.getByRole("list", { name: "Deliveries" }))
    .getAllByRole("listitem")
    .map(textOf);

const kinds = [
  {
    kind: "webhook",
    title: "Webhook",
    madeBy: "form",
    fields: [
      field("url", { label: "URL", type: "url", isRequired: true }),
      field("secret", { label: "Signing secret", type: "secret" }),
    ],
  },
  {
    kind: "opsgenie",
    title: "Opsgenie",
    madeBy: "form",
    fields: [
      field("apiKey", { label: "API key", type: "secret", isRequired: true }),
      field("priority", {
        label: "Priority",
        type: "choice",
        options: ["P1", "P2"],
        default: "P1",
      }),
    ],
  },
  { kind: "webpush", title: "Web Push", madeBy: "browser", fields: [] },
];

function field(name: string, differences: object) {
  const bare = { help: null, placeholder: null, options: [], default: null, isRequired: false };
  return { name, ...bare, ...differences };
}

async function openForm(user: ReturnType<typeof openApp>["user"], kind: string) {
  await user.click((await screen.findAllByRole("button", { name: "Add channel" }))[0]!);
  const dialog = await screen.findByRole("dialog");
  await user.click(await within(dialog).findByRole("button", { name: new RegExp(`^${kind}`) }));
  return dialog;
}

test("without channels and messages, both say so, and kinds that need a form are offered", async () => {
  const { user } = openApp("/notifications", backendWith([]));
  await screen.findByText("Nobody is told yet");
  expect(screen.getByText("No message yet")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Add channel" }));
  const list = await screen.findByRole("list", { name: "Kinds of channels" });
  expect(within(list).getAllByRole("button").map(textOf)).toEqual([
    expect.stringContaining("Webhook"),
    expect.stringContaining("Opsgenie"),
  ]);
});

test("adds a channel of a kind: the form is what the server describes, with usual rules", async () => {
  const backend = backendWith([]);
  const { user } = openApp("/notifications", backend);
  const dialog = await openForm(user, "Webhook");
  await user.type(within(dialog).getByLabelText("URL"), "https://hooks.example.com/x?y=1");
  await user.click(within(dialog).getByRole("button", { name: "Generate a secret" }));
  await user.click(within(dialog).getByRole("button", { name: "Add channel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.calls).toEqual([
    {
      name: "channels:create",
      args: {
        kind: "webhook",
        name: "Webhook",
        config: {
          url: "https://hooks.example.com/x?y=1",
          secret: expect.stringMatching(/^[A-Za-z0-9_-]{40}$/) as string,
        },
        preferences: {
          events: ["machine.offline", "machine.online", "channel.failing"],
          tags: [],
          delayMs: 0,
          groupWindowMs: 20_000,
          retryUncertain: true,
          isOff: false,
        },
      },
    },
  ]);
});

test("what is missing or no address is said at its field before anything is sent", async () => {
  const backend = backendWith([]);
  const { user } = openApp("/notifications", backend);
  const dialog = await openForm(user, "Webhook");
  await user.click(within(dialog).getByRole("button", { name: "Add channel" }));
  expect(within(dialog).getByText("URL is needed.")).toBeTruthy();
  await user.type(within(dialog).getByLabelText("URL"), "example.com/hook");
  expect(within(dialog).getByText(/Write a whole http or https address/)).toBeTruthy();
  expect(backend.calls).toEqual([]);
});

test("a private address that the server refuses is said beside the address", async () => {
  const backend = backendWith([]);
  backend.answer("channels:kinds", kinds);
  backend.answer("push:list", []);
  backend.handle("channels:update", () => null);
  backend.handle("channels:create", () => {
    const message = "The URL leads to a private address.";
    throw new ConvexError({ kind: "invalid", field: "config.url", message });
  });
  const { user } = openApp("/notifications", backend);
  const dialog = await openForm(user, "Webhook");
  await user.type(within(dialog).getByLabelText("URL"), "http://10.0.0.1/hook");
  await user.click(within(dialog).getByRole("button", { name: "Add channel" }));
  await within(dialog).findByText("The URL leads to a private address.");
  expect(within(dialog).getByLabelText("URL").getAttribute("aria-invalid")).toBe("true");
});

test("S1.5 rules are written in plain words, and sent as the server has them", async () => {
  const backend = backendWith([channel()]);
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Edit On-call chat" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit On-call chat" });
  await user.click(await within(dialog).findByRole("radio", { name: "Rules" }));
  await user.click(within(dialog).getByLabelText("a machine is back online"));
  await user.type(within(dialog).getByLabelText(/^Only machines with/), "prod, db");
  await user.selectOptions(
    within(dialog).getByLabelText("Told"),
    "after 10m, if nobody acknowledged",
  );
  await user.selectOptions(
    within(dialog).getByLabelText("Reminders"),
    "every 1h, until acknowledged or back",
  );
  await user.click(within(dialog).getByRole("switch", { name: "Quiet hours" }));
  await user.click(within(dialog).getByRole("button", { name: "Sunday" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.calls[0]?.args).toMatchObject({
    channelId: "c1",
    preferences: {
      events: ["machine.offline", "channel.failing"],
      tags: ["prod", "db"],
      delayMs: 600_000,
      repeatEveryMs: 3_600_000,
      quietHours: { fromMinute: 1_320, toMinute: 420, days: [1, 2, 3, 4, 5, 6] },
    },
  });
});

test("a channel's row says in words what it hears, and marks one that fails", async () => {
  const preferences = {
    ...channel().preferences,
    tags: ["prod"],
    delayMs: 600_000,
    quietHours: { timeZone: "Europe/Vienna", fromMinute: 1_320, toMinute: 420, days: [1, 5] },
  };
  const failing = channel({ preferences, failingSince: NOW - 300_000 });
  openApp("/notifications", backendWith([failing]));
  const row = textOf((await screen.findByText("On-call chat", { selector: "span" })).closest("li"));
  expect(row).toContain("hears offline, back online, failing channels · only prod");
  expect(row).toContain("after 10m without an acknowledgement");
  expect(row).toContain("quiet 22:00–07:00 (Europe/Vienna) on Mon, Fri");
  expect(row).toContain("Failing for 5m");
});

test("a channel shows where it goes, that it signs, and how its last message fared", async () => {
  const last = { state: "failed" as const, at: NOW - 60_000, responseStatus: 503 };
  openApp("/notifications", backendWith([channel({ lastDelivery: last })]));
  const row = textOf((await screen.findByText("On-call chat", { selector: "span" })).closest("li"));
  expect(row).toContain("https://hooks.example.com");
  expect(row).toContain("signed");
  expect(row).toContain("Failed");
  expect(row).toContain("1m ago");
});

test("a test shows its real outcome under its channel, live", async () => {
  const backend = backendWith();
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Send a test to On-call chat" }));
  expect(backend.calls[0]).toEqual({ name: "channels:test", args: { channelId: "c1" } });
  const row = (await screen.findByText("On-call chat", { selector: "span" })).closest("li")!;
  const outcome = within(row).getByRole("status");

  const queued = delivery("d1", {
    event: "test",
    state: "queued",
    attempts: 0,
    responseStatus: null,
  });
  act(() => backend.answer("deliveries:list", pageOf([queued])));
  await waitFor(() => expect(textOf(outcome)).toContain("Queued"));
  act(() => backend.answer("deliveries:list", pageOf([delivery("d1", { event: "test" })])));
  await waitFor(() => expect(textOf(outcome)).toContain("Delivered in 310 ms · HTTP 200"));
});

test("deleting a channel asks first", async () => {
  const backend = backendWith();
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "More for On-call chat" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  expect(backend.calls).toEqual([]);
  const dialog = await screen.findByRole("dialog", { name: "Delete On-call chat?" });
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.calls[0]).toEqual({ name: "channels:remove", args: { channelId: "c1" } });
});

test("the log tells each message's story: outcome, attempts, error and the next attempt", async () => {
  const backend = backendWith(
    [channel()],
    [
      delivery("d1", {
        state: "queued",
        attempts: 3,
        responseStatus: 503,
        latencyMs: 12,
        nextAttemptAt: NOW + 40_000,
        error: "The receiver answered 503.",
      }),
      delivery("d2", { state: "leased", responseStatus: null, latencyMs: null }),
      delivery("d3", { event: "machine.online" }),
      delivery("d4", {
        state: "failed",
        attempts: 8,
        responseStatus: null,
        latencyMs: null,
        error: "No answer.",
      }),
      delivery("d5", {
        state: "queued",
        attempts: 0,
        heldBy: "quietHours",
        nextAttemptAt: NOW + 7_200_000,
      }),
      delivery("d6", {
        state: "suppressed",
        suppressedBy: { kind: "maintenance", window: "Patch day", until: NOW + 3_600_000 },
      }),
    ],
  );
  openApp("/notifications", backend);
  await screen.findByRole("list", { name: "Deliveries" });
  const [retrying, sending, delivered, failed, quiet, maintained] = deliveries();
  expect(retrying).toContain("Retrying");
  expect(retrying).toContain("Attempt 3 failed: The receiver answered 503. Next one in 40s");
  expect(sending).toContain("Being sent");
  expect(delivered).toContain("web-1 is back online");
  expect(delivered).toContain("Delivered in 310 ms");
  expect(failed).toContain("Given up after 8 attempts: No answer.");
  expect(quiet).toContain("because of quiet hours");
  expect(maintained).toMatch(/in maintenance \(Patch day\) until/);
  tick(10_000);
  expect(deliveries()[0]).toContain("Next one in 30s");
});

test("what was given up can be sent again", async () => {
  const backend = backendWith([channel()], [delivery("d4", { state: "failed" })]);
  backend.handle("deliveries:sendAgain", () => null);
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: /^Send the message to/ }));
  expect(backend.calls[0]).toEqual({
    name: "deliveries:sendAgain",
    args: { deliveryId: "d4" },
  });
});

test("the log is filtered by state and channel; filtered to nothing is not empty", async () => {
  const backend = backendWith([channel()], [delivery("d1")]);
  backend.answer("deliveries:list", ({ state }: { state?: string }) =>
    pageOf(state === "failed" ? [] : [delivery("d1")]),
  );
  const { user, router } = openApp("/notifications", backend);
  await user.selectOptions(await screen.findByLabelText("State"), "Failed");
  await screen.findByText("No message like this");
  expect(router.state.location.search).toBe("?state=failed");
  await user.click(screen.getByRole("button", { name: "Clear the filters" }));
  await screen.findByRole("list", { name: "Deliveries" });
});

test("a log that failed to load says so without taking the channels with it", async () => {
  const backend = backendWith();
  backend.answer("deliveries:list", () => {
    throw new Error("Server Error");
  });
  openApp("/notifications", backend);
  await screen.findByText("The log could not be loaded");
  expect(screen.getByText("On-call chat", { selector: "span" })).toBeTruthy();
});
