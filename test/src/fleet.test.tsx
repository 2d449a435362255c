import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { matchingQueries } from "../support/jsdom.ts";
import { machine, NOW, pulse, states } from "./support/cast.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

function fleetOf(...machines: ReturnType<typeof machine>[]) {
  const backend = backendOfAlice();
  backend.answer("machines:list", machines);
  backend.answer("machines:counts", { active: 0, total: machines.length });
  return backend;
}

const rows = () => screen.getAllByRole("row").slice(1);
const names = () => rows().map((row) => within(row).getByRole("link").textContent);

test("S3.2 an empty fleet invites to add the first machine", async () => {
  const { user } = openApp("/", backendOfAlice());
  await user.click(await screen.findByRole("button", { name: /^Other ways/ }));
  await screen.findByRole("dialog", { name: "Add machine" });
});

test("while the fleet loads, a skeleton says so and no empty state is shown", async () => {
  const backend = backendOfAlice();
  backend.answer("machines:list", undefined);
  openApp("/", backend);
  expect(await screen.findByRole("status", { name: "Loading the fleet" })).toBeTruthy();
  expect(screen.queryByText(/Nobody has answered/)).toBeNull();
});

test("a fleet that failed to load says so, and Try again loads it", async () => {
  const backend = backendOfAlice();
  let isBroken = true;
  backend.answer("machines:list", () => {
    if (isBroken) throw new Error("[Request ID: 1] Server Error");
    return [machine("web-1")];
  });
  const { user } = openApp("/", backend);
  const alert = await screen.findByRole("alert");
  expect(textOf(alert)).toContain("The fleet could not be loaded");
  expect(textOf(alert)).not.toContain("Request ID");

  isBroken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("table");
  expect(names()).toEqual(["web-1"]);
});

test("S3.2 lists machines with status word, last seen and assistants, problems first", async () => {
  const backend = fleetOf(
    machine("web-1", { assistantCount: 2 }),
    machine("web-2", states.offline),
    machine("web-3", states.waiting),
    machine("web-4", states.late),
    machine("web-5", states.stopped),
  );
  openApp("/", backend);
  await screen.findByRole("table");
  expect(names()).toEqual(["web-2", "web-4", "web-3", "web-1", "web-5"]);
  expect(textOf(rows()[0])).toContain("Offline");
  expect(textOf(rows()[0])).toContain("3m 20s ago");
  expect(textOf(rows()[1])).toContain("Late");
  expect(textOf(rows()[2])).toContain("Waiting");
  expect(textOf(rows()[2])).toContain("never");
  expect(textOf(rows()[3])).toContain("Online");
  expect(textOf(rows()[3])).toContain("4s ago");
  expect(within(rows()[3] as HTMLElement).getByText("2")).toBeTruthy();
  expect(textOf(rows()[4])).toContain("Stopped");
});

test("S3.2 counts online and total, and the picture says the same in words", async () => {
  openApp("/", fleetOf(machine("web-1"), machine("web-2"), machine("web-3", states.offline)));
  const summary = await screen.findByRole("region", { name: "Fleet summary" });
  expect(textOf(summary)).toContain("2 / 3 machines online");
  expect(within(summary).getByRole("img", { name: "Fleet: 1 offline, 2 online" })).toBeTruthy();
  expect(document.title).toBe("(1) Fleet · Rollcall");
});

test("a late machine still counts as online, and is told as late", async () => {
  openApp("/", fleetOf(machine("web-1"), machine("web-2", states.late)));
  const summary = await screen.findByRole("region", { name: "Fleet summary" });
  expect(textOf(summary)).toContain("2 / 2 machines online, 1 late");
});

test("S3.2 a machine turns online on screen when the backend says so", async () => {
  const backend = fleetOf(machine("web-1", states.waiting));
  openApp("/", backend);
  expect(await screen.findByRole("row", { name: /Waiting web-1/ })).toBeTruthy();
  act(() => backend.answer("machines:list", [machine("web-1", { lastSeen: NOW })]));
  expect(await screen.findByRole("row", { name: /Online web-1/ })).toBeTruthy();
});

test("a silent machine becomes late by the page's own clock, and its age ticks", async () => {
  openApp("/", fleetOf(machine("web-1")));
  expect(await screen.findByRole("row", { name: /Online web-1 4s ago/ })).toBeTruthy();
  tick(50_000);
  expect(screen.getByRole("row", { name: /Late web-1 54s ago/ })).toBeTruthy();
});

test("ages stand still while the connection is down", async () => {
  const backend = fleetOf(machine("web-1"));
  openApp("/", backend);
  await screen.findByRole("row", { name: /Online web-1 4s ago/ });
  act(() => backend.connect({ isWebSocketConnected: false }));
  expect(screen.getAllByText("Reconnecting")[0]).toBeTruthy();
  tick(50_000);
  expect(screen.getByRole("row", { name: /Online web-1 4s ago/ })).toBeTruthy();
  act(() => backend.connect({ isWebSocketConnected: true }));
  expect(await screen.findByRole("row", { name: /Late web-1 54s ago/ })).toBeTruthy();
});

test("while the connection is down, the pill says how old the page is", async () => {
  const backend = fleetOf(machine("web-1"));
  openApp("/", backend);
  await screen.findByRole("row", { name: /Online web-1/ });
  act(() => backend.connect({ isWebSocketConnected: false }));
  tick(95_000);
  expect(screen.getAllByText("· 1m 35s old")).toBeTruthy();
  act(() => backend.connect({ isWebSocketConnected: true }));
  expect(screen.queryByText(/ old$/)).toBeNull();
});

test("meters show the last heartbeat's metrics, and a dash where none were sent", async () => {
  const backend = fleetOf(machine("web-1"), machine("web-2"));
  backend.answer("pulses:list", [pulse("web-1"), pulse("web-2", { cpuUsage: null })]);
  openApp("/", backend);
  const row = await screen.findByRole("row", { name: /web-1/ });
  expect(await within(row).findByRole("meter", { name: "CPU" })).toHaveProperty(
    "attributes.aria-valuenow.value",
    "42",
  );
  const other = screen.getByRole("row", { name: /web-2/ });
  expect(within(other).getByRole("img", { name: "CPU: not reported" })).toBeTruthy();
});

test("filters by name, tag and status word; finding nothing is a view of its own", async () => {
  const backend = fleetOf(
    machine("web-1", { tags: ["prod"] }),
    machine("db-1", { tags: ["prod", "stateful"] }),
    machine("pi-1", states.offline),
  );
  const { user, router } = openApp("/", backend);
  const filter = await screen.findByRole("textbox", { name: "Filter machines" });

  await user.type(filter, "tag:prod db");
  expect(names()).toEqual(["db-1"]);
  expect(router.state.location.search).toBe("?q=tag%3Aprod+db");

  await user.clear(filter);
  await user.type(filter, "offline");
  expect(names()).toEqual(["pi-1"]);

  await user.type(filter, " nothing-like-this");
  expect(screen.getByText("Nothing matches")).toBeTruthy();
  const [clear] = screen.getAllByRole("button", { name: "Clear the filter" });
  await user.click(clear as HTMLElement);
  await waitFor(() => expect(rows()).toHaveLength(3));
});

test("a count filters the list and, pressed again, shows all", async () => {
  const { user } = openApp("/", fleetOf(machine("web-1"), machine("web-2", states.offline)));
  const chip = await screen.findByRole("button", { name: /Offline 1/ });
  await user.click(chip);
  expect(names()).toEqual(["web-2"]);
  expect(chip).toHaveProperty("attributes.aria-pressed.value", "true");
  await user.click(chip);
  expect(rows()).toHaveLength(2);
});

test("a link with a filter and an order shows just that", async () => {
  const backend = fleetOf(machine("web-2"), machine("web-10"), machine("db-1"));
  openApp("/?q=web&sort=-name", backend);
  await screen.findByRole("table");
  expect(names()).toEqual(["web-10", "web-2"]);
  expect(screen.getByRole("columnheader", { name: "Name" })).toHaveProperty(
    "attributes.aria-sort.value",
    "descending",
  );
});

test("`/` goes to the filter from anywhere", async () => {
  const { user } = openApp("/", fleetOf(machine("web-1")));
  const filter = await screen.findByRole("textbox", { name: "Filter machines" });
  await user.keyboard("/");
  expect(document.activeElement === filter).toBe(true);
  expect(filter).toHaveProperty("value", "");
});

test("S3.2 names with markup in them are text", async () => {
  openApp("/", fleetOf(machine("web-1", { name: "<img src=x onerror=alert(1)>" })));
  await screen.findByRole("table");
  expect(names()).toEqual(["<img src=x onerror=alert(1)>"]);
  expect(document.querySelector("img[src=x]")).toBeNull();
});

test("a narrow screen shows the fleet as a list of cards", async () => {
  const backend = fleetOf(machine("web-1", states.offline));
  openApp("/", backend);
  matchingQueries.clear();
  const list = await screen.findByRole("list", { name: "Machines" });
  expect(within(list).getByRole("link", { name: "web-1" })).toBeTruthy();
  expect(within(list).getByText("Offline")).toBeTruthy();
});
