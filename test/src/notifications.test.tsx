import { act, screen, waitFor, within } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { channel, delivery, incident, NOW, pageOf } from "./support/cast.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

function backendWith(channels = [channel()], deliveries: ReturnType<typeof delivery>[] = []) {
  const backend = backendOfAlice();
  backend.answer("channels:list", channels);
  backend.answer("deliveries:list", pageOf(deliveries));
  backend.handle("channels:create", () => ({ channelId: "c2" }));
  backend.handle("channels:test", () => ({ deliveryId: "d1" }));
  backend.handle("channels:remove", () => null);
  return backend;
}

const deliveries = () =>
  within(screen.getByRole("list", { name: "Deliveries" }))
    .getAllByRole("listitem")
    .map(textOf);

test("without channels and messages, both say so, and the first channel can be added", async () => {
  const { user } = openApp("/notifications", backendWith([]));
  await screen.findByText("Nobody is told yet");
  expect(screen.getByText("No message yet")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Add webhook" }));
  expect(screen.getByRole("dialog", { name: "Add webhook" })).toBeTruthy();
});

test("adds a webhook with its address, name and a generated secret", async () => {
  const backend = backendWith([]);
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Add webhook" }));
  const dialog = screen.getByRole("dialog");
  await user.type(within(dialog).getByLabelText("Address"), "https://hooks.example.com/x?y=1");
  await user.click(within(dialog).getByRole("button", { name: "Generate a secret" }));
  await user.click(within(dialog).getByRole("button", { name: "Add webhook" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.calls).toEqual([
    {
      name: "channels:create",
      args: {
        kind: "webhook",
        name: "hooks.example.com",
        config: {
          url: "https://hooks.example.com/x?y=1",
          secret: expect.stringMatching(/^[A-Za-z0-9_-]{40}$/) as string,
        },
      },
    },
  ]);
});

test("an address that is none is refused before it is sent", async () => {
  const backend = backendWith([]);
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Add webhook" }));
  const dialog = screen.getByRole("dialog");
  await user.type(within(dialog).getByLabelText("Address"), "example.com/hook");
  await user.click(within(dialog).getByRole("button", { name: "Add webhook" }));
  expect(within(dialog).getByText(/Write a whole http or https address/)).toBeTruthy();
  expect(backend.calls).toEqual([]);
});

test("a private address that the server refuses is said beside the address", async () => {
  const backend = backendWith([]);
  backend.handle("channels:create", () => {
    const message = "The URL leads to a private address.";
    throw new ConvexError({ kind: "invalid", field: "config.url", message });
  });
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Add webhook" }));
  const dialog = screen.getByRole("dialog");
  await user.type(within(dialog).getByLabelText("Address"), "http://10.0.0.1/hook");
  await user.click(within(dialog).getByRole("button", { name: "Add webhook" }));
  await within(dialog).findByText("The URL leads to a private address.");
  expect(within(dialog).getByLabelText("Address").getAttribute("aria-invalid")).toBe("true");
});

test("a channel shows where it goes, that it signs, and how its last message fared", async () => {
  const last = { state: "failed" as const, at: NOW - 60_000, responseStatus: 503 };
  openApp("/notifications", backendWith([channel({ lastDelivery: last })]));
  const row = textOf((await screen.findByText("On-call chat")).closest("li"));
  expect(row).toContain("https://hooks.example.com");
  expect(row).toContain("signed");
  expect(row).toContain("Failed");
  expect(row).toContain("1m ago");
});

test("a test is queued for the channel and its fate appears in the log by itself", async () => {
  const backend = backendWith();
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Send a test to On-call chat" }));
  expect(backend.calls[0]).toEqual({ name: "channels:test", args: { channelId: "c1" } });

  const queued = delivery("d1", {
    event: "test",
    state: "queued",
    attempts: 0,
    responseStatus: null,
  });
  act(() => backend.answer("deliveries:list", pageOf([queued])));
  await screen.findByText("Queued");
  act(() => backend.answer("deliveries:list", pageOf([delivery("d1", { event: "test" })])));
  await screen.findByText("Delivered");
  expect(deliveries()[0]).toContain("HTTP 200 · 310 ms");
});

test("deleting a channel asks first", async () => {
  const backend = backendWith();
  const { user } = openApp("/notifications", backend);
  await user.click(await screen.findByRole("button", { name: "Delete On-call chat" }));
  expect(backend.calls).toEqual([]);
  const dialog = screen.getByRole("dialog", { name: "Delete On-call chat?" });
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
      delivery("d4", { state: "failed", attempts: 8, responseStatus: null, latencyMs: null }),
    ],
  );
  openApp("/notifications", backend);
  await screen.findByRole("list", { name: "Deliveries" });
  const [retrying, sending, delivered, failed] = deliveries();
  expect(retrying).toContain("Retrying");
  expect(retrying).toContain("HTTP 503 · 12 ms · 3 attempts · next attempt in 40s");
  expect(retrying).toContain("The receiver answered 503.");
  expect(sending).toContain("Sending");
  expect(delivered).toContain("web-1 is back online");
  expect(failed).toContain("Failed");
  expect(failed).toContain("8 attempts");
  tick(10_000);
  expect(deliveries()[0]).toContain("next attempt in 30s");
});

test("a log that failed to load says so without taking the channels with it", async () => {
  const backend = backendWith();
  backend.answer("deliveries:list", () => {
    throw new Error("Server Error");
  });
  openApp("/notifications", backend);
  await screen.findByText("The log could not be loaded");
  expect(screen.getByText("On-call chat")).toBeTruthy();
});

test("incidents are listed live: open ones count up, resolved ones say how long they lasted", async () => {
  const backend = backendOfAlice();
  backend.answer("incidents:list", pageOf([incident("i1")]));
  openApp("/incidents", backend);
  const list = await screen.findByRole("list", { name: "Incidents" });
  expect(textOf(list)).toContain("Open");
  expect(textOf(list)).toContain("for 10m");
  tick(30_000);
  expect(textOf(list)).toContain("for 10m 30s");

  act(() => backend.answer("incidents:list", pageOf([incident("i1", { closedAt: NOW })])));
  await screen.findByText("Resolved");
  expect(textOf(list)).toContain("lasted 10m");
});

test("without incidents, the page says what one would be", async () => {
  const backend = backendOfAlice();
  backend.answer("incidents:list", pageOf([]));
  openApp("/incidents", backend);
  await screen.findByText("No incident so far");
});
