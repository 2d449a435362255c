import { act, screen, waitFor, within } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { DAY } from "../../core/time.ts";
import { delivery, details, idOf, incident, machine, NOW, pageOf, states } from "./support/cast.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

function backendWith(incidents = [incident("i1")]) {
  const backend = backendOfAlice();
  backend.answer("incidents:list", pageOf(incidents));
  backend.answer(
    "incidents:open",
    incidents.filter(({ closedAt }) => closedAt === null),
  );
  backend.answer(
    "incidents:get",
    ({ incidentId }: { incidentId: string }) =>
      incidents.find((other) => other.incidentId === incidentId) ?? null,
  );
  backend.answer("machines:list", [machine("web-1")]);
  backend.answer("machines:get", details(machine("web-1", states.offline)));
  backend.answer("deliveries:ofIncident", []);
  backend.answer("history:neighbours", []);
  backend.answer("incidentNotes:list", []);
  backend.handle("incidents:acknowledge", () => null);
  backend.handle("incidents:snooze", () => ({ until: NOW + 3_600_000 }));
  return backend;
}

const told = (differences: object) => ({
  ...delivery("d1"),
  decidedAt: NOW - 598_000,
  queuedAt: NOW - 598_000,
  attemptLog: [
    { startedAt: NOW - 597_900, endedAt: NOW - 597_590, outcome: "failed", error: "No answer." },
    {
      startedAt: NOW - 597_000,
      endedAt: NOW - 596_690,
      outcome: "delivered",
      responseStatus: 200,
      latencyMs: 310,
    },
  ],
  finishedAt: NOW - 596_690,
  ...differences,
});

const entries = () =>
  within(screen.getByRole("list", { name: "Timeline" }))
    .getAllByRole("listitem")
    .map(textOf);

test("incidents are listed live: open ones count up, resolved ones say how long they lasted", async () => {
  const backend = backendWith();
  openApp("/incidents", backend);
  const list = await screen.findByRole("list", { name: "Incidents" });
  expect(textOf(list)).toContain("Open");
  expect(textOf(list)).toContain("for 10m");
  tick(30_000);
  expect(textOf(list)).toContain("for 10m 30s");
  act(() => {
    backend.answer("incidents:open", []);
    backend.answer("incidents:list", pageOf([incident("i1", { closedAt: NOW })]));
  });
  await waitFor(() => expect(textOf(list)).toContain("Resolved"));
  expect(textOf(list)).toContain("lasted 10m");
});

test("what is open stands above what was over since, as long as nothing is filtered", async () => {
  const old = incident("i1", { machineName: "old", openedAt: NOW - 3 * DAY });
  const over = incident("i2", { machineName: "over", closedAt: NOW });
  const backend = backendWith([old]);
  // So old that the first page does not reach it.
  backend.answer("incidents:list", pageOf([over]));
  const { user } = openApp("/incidents", backend);
  const list = await screen.findByRole("list", { name: "Incidents" });
  const names = () => within(list).getAllByRole("link").map(textOf);
  expect(names()).toEqual(["old", "over"]);
  backend.answer("incidents:list", ({ state }: { state?: string }) =>
    pageOf(state === "closed" ? [over] : [over, old]),
  );
  await user.click(screen.getByRole("radio", { name: "Resolved" }));
  expect(textOf(await screen.findByRole("list", { name: "Incidents" }))).not.toContain("old");
});

test("without incidents, the page says what one would be", async () => {
  openApp("/incidents", backendWith([]));
  await screen.findByText("No incident so far");
});

test("the address holds the filters; filtered to nothing is not empty", async () => {
  const backend = backendWith();
  const asked: unknown[] = [];
  backend.answer("incidents:list", (args: { state?: string }) => {
    asked.push(args);
    return pageOf(args.state === "closed" ? [] : [incident("i1")]);
  });
  const { user, router } = openApp("/incidents?since=day", backend);
  await screen.findByRole("list", { name: "Incidents" });
  expect(asked[0]).toMatchObject({ from: NOW - 86_400_000 });
  await user.click(screen.getByRole("radio", { name: "Resolved" }));
  await screen.findByText("No incident like this");
  expect(router.state.location.search).toBe("?since=day&state=closed");
  await user.click(screen.getByRole("button", { name: "Clear the filters" }));
  await screen.findByRole("list", { name: "Incidents" });
  await user.type(screen.getByRole("combobox", { name: "Machine" }), "web");
  await user.keyboard("{Enter}");
  expect(router.state.location.search).toBe(`?machine=${idOf("web-1")}`);
});

test("a list that failed can be tried again", async () => {
  const backend = backendWith();
  backend.answer("incidents:list", () => {
    throw new Error("Server Error");
  });
  const { user } = openApp("/incidents", backend);
  await screen.findByText("Incidents could not be loaded");
  backend.answer("incidents:list", pageOf([incident("i1")]));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("list", { name: "Incidents" });
});

test("j chooses an incident and a acknowledges it", async () => {
  const backend = backendWith([incident("i1"), incident("i2", { machineName: "db-1" })]);
  const { user } = openApp("/incidents", backend);
  await screen.findByRole("list", { name: "Incidents" });
  await user.keyboard("jja");
  expect(backend.calls).toEqual([{ name: "incidents:acknowledge", args: { incidentId: "i2" } }]);
  await screen.findByText("You have db-1");
});

test("keys that are meant for a menu do nothing to the page behind it", async () => {
  const backend = backendWith();
  const { user } = openApp("/incidents", backend);
  await screen.findByRole("list", { name: "Incidents" });
  await user.keyboard("j");
  await user.click(screen.getByRole("button", { name: "Snooze web-1" }));
  await screen.findByRole("menu");
  await user.keyboard("a");
  expect(backend.calls).toEqual([]);
});

test("whoever comes second hears who was first", async () => {
  const backend = backendWith();
  backend.handle("incidents:acknowledge", () => {
    const message = "Already acknowledged by Bob.";
    throw new ConvexError({ kind: "alreadyAcknowledged", message, by: "Bob", at: NOW });
  });
  const { user } = openApp("/incidents", backend);
  await user.click(await screen.findByRole("button", { name: "Acknowledge web-1" }));
  await screen.findByText("Already acknowledged by Bob.");
});

test("snoozing asks until when", async () => {
  const backend = backendWith();
  const { user } = openApp("/incidents", backend);
  await user.click(await screen.findByRole("button", { name: "Snooze web-1" }));
  await user.click(await screen.findByRole("menuitem", { name: "For 1h" }));
  expect(backend.calls[0]).toEqual({
    name: "incidents:snooze",
    args: { incidentId: "i1", durationMs: 3_600_000 },
  });
});

test("an incident's page tells its story: deadline, decision, each attempt, people, recovery", async () => {
  const backend = backendWith([
    incident("i1", {
      acknowledgedAt: NOW - 500_000,
      acknowledgedBy: "Bob",
      closedAt: NOW - 60_000,
    }),
  ]);
  backend.answer("deliveries:ofIncident", [told({})]);
  openApp("/incidents/i1", backend);
  await screen.findByRole("heading", { name: /^web-1 went silent/ });
  await waitFor(() => expect(entries()).toHaveLength(7));
  expect(entries()).toEqual([
    expect.stringContaining("Deadline passed"),
    expect.stringContaining("Silence noticed, incident opened2s after the deadline"),
    expect.stringContaining("On-call chat is to hear “went offline”"),
    expect.stringContaining("Attempt 1 to On-call chatFailed · No answer."),
    expect.stringContaining("Attempt 2 to On-call chatDelivered · HTTP 200, 310 ms"),
    expect.stringContaining("Bob acknowledged it"),
    expect.stringContaining("The machine answered againResolved after 9m"),
  ]);
  expect(screen.getByText(/On-call chat was told 3s after the deadline\./)).toBeTruthy();
});

test("why nobody was told is said in words", async () => {
  const maintenance = { kind: "maintenance", window: "Patch day", until: NOW + 3_600_000 } as const;
  const backend = backendWith([incident("i1", { suppressedBy: maintenance })]);
  openApp("/incidents/i1", backend);
  await screen.findByText(/Nobody was told: in maintenance \(Patch day\) until/);
});

test("neighbours that were silent as well are named, with how far apart", async () => {
  const backend = backendWith();
  backend.answer("history:neighbours", [
    {
      incidentId: "i2",
      machineId: idOf("db-1"),
      machineName: "db-1",
      openedAt: NOW - 595_000,
      closedAt: null,
    },
  ]);
  openApp("/incidents/i1", backend);
  const list = await screen.findByRole("list", { name: "Other machines that were silent" });
  expect(textOf(list)).toBe("db-15s after · still silent");
});

test("a note is written, shown and taken away, with a way back", async () => {
  const backend = backendWith();
  const notes = [{ noteId: "n1", author: "Alice", isMine: true, text: "Power supply", at: NOW }];
  backend.handle("incidentNotes:add", () => {
    backend.answer("incidentNotes:list", notes);
    return { noteId: "n1" };
  });
  backend.handle("incidentNotes:remove", () => {
    backend.answer("incidentNotes:list", []);
    return null;
  });
  const { user } = openApp("/incidents/i1", backend);
  await user.type(await screen.findByLabelText("New note"), "Power supply");
  await user.click(screen.getByRole("button", { name: "Add note" }));
  await screen.findByRole("list", { name: "Notes" });
  await user.click(screen.getByRole("button", { name: "Remove this note" }));
  await screen.findByText("Nobody has written anything yet.");
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await screen.findByRole("list", { name: "Notes" });
  expect(backend.calls.map(({ name }) => name)).toEqual([
    "incidentNotes:add",
    "incidentNotes:remove",
    "incidentNotes:add",
  ]);
});

test("an incident that is not there says so", async () => {
  openApp("/incidents/i9", backendWith());
  await screen.findByText("There is no such incident");
});
