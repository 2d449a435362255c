import { act, screen, waitFor, within } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { details, fewMeasurements, idOf, machine, NOW, pulse, states } from "./support/cast.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const path = `/machines/${idOf("web-1")}`;

function backendWith(row = machine("web-1"), differences = {}) {
  const backend = backendOfAlice();
  backend.answer("machines:get", details(row, differences));
  backend.handle("machines:update", () => null);
  backend.handle("machines:remove", () => null);
  return backend;
}

test("S3.4 shows status, vitals and what the machine said about itself", async () => {
  openApp(path, backendWith(machine("web-1", { rootDirectory: "/srv/app" })));
  await screen.findByRole("heading", { name: "web-1", level: 1 });
  expect(screen.getAllByRole("status").map(textOf)).toContain("Online");
  const vitals = textOf(screen.getByRole("region", { name: "Vitals" }));
  expect(vitals).toContain("CPU42%");
  expect(vitals).toContain("Assistants2");
  const facts = textOf(screen.getByRole("region", { name: "Details" }));
  expect(facts).toContain("/srv/app");
  expect(facts).toContain("web-1.internal");
  expect(document.title).toBe("web-1 · Rollcall");
});

test("shows swap, each file system and the owner's gauges where a machine reports them", async () => {
  const backend = backendWith(machine("web-1"), {
    pulse: {
      ...pulse("web-1"),
      swapUsage: 12,
      disks: [
        { mount: "/", usage: 71 },
        { mount: "/srv/<b>", usage: 93.4 },
      ],
      gauges: { players: 17_000, "queue.depth": 0.25 },
    },
  });
  openApp(path, backend);
  const more = await screen.findByRole("region", { name: "More measurements" });
  expect(within(more).getByRole("meter", { name: "Swap" })).toHaveProperty("ariaValueNow", "12");
  expect(within(more).getByRole("meter", { name: "/srv/<b>" }).ariaValueNow).toBe("93");
  expect(textOf(more)).toContain("players17,000");
  expect(textOf(more)).toContain("queue.depth0.25");
  act(() => backend.answer("machines:get", details(machine("web-1"))));
  expect(screen.queryByRole("region", { name: "More measurements" })).toBeNull();
});

test("shows each of several measurements of one name", async () => {
  const warnings = vi.spyOn(console, "error");
  const disks = [
    { mount: "/mnt", usage: 71 },
    { mount: "/mnt", usage: 12 },
    { mount: "Swap", usage: 3 },
  ];
  const measured = { ...pulse("web-1"), swapUsage: 5, disks, gauges: { Swap: 2 } };
  openApp(path, backendWith(machine("web-1"), { pulse: measured }));
  const more = await screen.findByRole("region", { name: "More measurements" });
  const meters = within(more).getAllByRole("meter");
  expect(meters.map(({ ariaValueNow }) => ariaValueNow)).toEqual(["5", "71", "12", "3"]);
  expect(warnings.mock.calls.filter(([text]) => String(text).includes("same key"))).toEqual([]);
  warnings.mockRestore();
});

test("what an agent sends as metadata is shown as text only", async () => {
  const metadata = JSON.stringify({ note: "<script>alert(1)</script>" });
  openApp(path, backendWith(machine("web-1"), { metadata }));
  await screen.findByText(/<script>alert\(1\)<\/script>/);
  expect(document.querySelector("main script")).toBeNull();
});

test("the time to the deadline runs down, through late, to offline as the backend says", async () => {
  const backend = backendWith();
  openApp(path, backend);
  const heartbeat = await screen.findByRole("region", { name: "Heartbeat" });
  expect(textOf(heartbeat)).toContain("Next expected in 26s");
  tick(60_000);
  expect(textOf(heartbeat)).toContain("Declared offline in 56s");
  expect(screen.getAllByText("Late")[0]).toBeTruthy();
  act(() => backend.answer("machines:get", details(machine("web-1", states.offline))));
  await screen.findByText("Offline");
});

test("a machine that is not there, or somebody else's, is a view of its own", async () => {
  const backend = backendOfAlice();
  backend.answer("machines:get", null);
  openApp(path, backend);
  await screen.findByText("No such machine");
  expect(screen.getByRole("link", { name: "Back to the fleet" })).toBeTruthy();
});

test("saving sends only what was changed", async () => {
  const backend = backendWith(machine("web-1", { tags: ["prod"] }));
  const { user } = openApp(path, backend);
  const settings = await screen.findByRole("region", { name: "Settings" });
  await user.type(within(settings).getByLabelText(/Tags/), ", eu-west, prod");
  await user.clear(within(settings).getByLabelText(/Offline after/));
  await user.type(within(settings).getByLabelText(/Offline after/), "5m");
  await user.click(within(settings).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(backend.calls).toHaveLength(1));
  expect(backend.calls[0]).toEqual({
    name: "machines:update",
    args: { machineId: idOf("web-1"), tags: ["prod", "eu-west"], offlineThresholdMs: 300_000 },
  });
});

test("thresholds that cannot be are refused beside their field", async () => {
  const backend = backendWith();
  const { user } = openApp(path, backend);
  const settings = await screen.findByRole("region", { name: "Settings" });
  const threshold = within(settings).getByLabelText(/Offline after/);
  const save = within(settings).getByRole("button", { name: "Save" });

  await user.clear(threshold);
  await user.type(threshold, "soon");
  await user.click(save);
  expect(within(settings).getByText(/Write a duration such as 30s/)).toBeTruthy();

  await user.clear(threshold);
  await user.type(threshold, "10s");
  expect(within(settings).getByText(/Longer than the heartbeat interval/)).toBeTruthy();
  await user.click(save);
  expect(backend.calls).toEqual([]);
});

test("unsaved changes survive a heartbeat and can be discarded", async () => {
  const backend = backendWith();
  const { user } = openApp(path, backend);
  const settings = await screen.findByRole("region", { name: "Settings" });
  const name = within(settings).getByLabelText("Name");
  await user.type(name, "0");
  act(() =>
    backend.answer(
      "machines:get",
      details(machine("web-1", { lastSeen: NOW }), {
        pulse: { ...fewMeasurements, ...pulse("web-1", { cpuUsage: 99 }) },
      }),
    ),
  );
  await screen.findByText("99%");
  expect(name).toHaveProperty("value", "web-10");
  await user.click(within(settings).getByRole("button", { name: "Discard" }));
  expect(name).toHaveProperty("value", "web-1");
});

test("deleting asks for the name, then leads back to the fleet", async () => {
  const backend = backendWith();
  const { user, router } = openApp(path, backend);
  await user.click(await screen.findByRole("button", { name: "Delete machine" }));
  const dialog = screen.getByRole("dialog", { name: "Delete this machine?" });
  const confirm = within(dialog).getByRole("button", { name: "Delete" });
  expect(confirm).toHaveProperty("disabled", true);
  await user.type(within(dialog).getByLabelText("Name of the machine"), "web-1");
  await user.click(confirm);
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  expect(backend.calls[0]).toEqual({
    name: "machines:remove",
    args: { machineId: idOf("web-1") },
  });
});

test("a refused deletion says why and keeps the dialog", async () => {
  const backend = backendWith();
  backend.handle("machines:remove", () => {
    throw new ConvexError({ kind: "forbidden", message: "Viewers cannot delete machines." });
  });
  const { user } = openApp(path, backend);
  await user.click(await screen.findByRole("button", { name: "Delete machine" }));
  await user.type(screen.getByLabelText("Name of the machine"), "web-1");
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(textOf(await screen.findByRole("alert"))).toContain("Viewers cannot delete machines.");
});
