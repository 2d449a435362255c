/** The fleet list as a tool: thousands of rows, keyboard, side panel, selection, columns, views, wall display. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { type MachineRow } from "@/lib/backend.ts";
import { packRows } from "../../core/packedRows.ts";
import { sliceCount } from "../../core/slices.ts";
import { alice, idOf, incident, machine, NOW, pulse, states } from "./support/cast.ts";
import { type Args } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

function fleetOf(...machines: MachineRow[]) {
  const backend = backendOfAlice();
  backend.answer("machines:counts", { active: 0, total: machines.length });
  backend.answer("machines:list", machines);
  return backend;
}

/** A fleet that is too big for one list: machine n is in slice n modulo their number. */
function bigFleetOf(machines: MachineRow[]) {
  const backend = fleetOf(...machines);
  backend.answer("machines:list", () => {
    throw new Error("A big fleet must not be asked for as a whole");
  });
  const sliceOf = ({ slice, of }: Args) =>
    packRows(machines.filter((_, index) => index % Number(of) === slice));
  backend.answer("machines:slice", sliceOf);
  return backend;
}

const rows = () => screen.getAllByRole("row").slice(1);
const names = () => rows().map((row) => within(row).getByRole("link").textContent);
const small = () => fleetOf(machine("web-1"), machine("web-2"), machine("web-3"));

test("of ten thousand machines only the rows on screen are in the document, and only they are watched", async () => {
  const machines = Array.from({ length: 10_000 }, (_, index) =>
    machine(`node-${index}`, { machineId: idOf(`n${index}`), lastSeen: NOW - 3_600_000 }),
  );
  machines[4_321] = machine("node-4321", { ...states.offline, machineId: idOf("n4321") });
  const backend = bigFleetOf(machines);
  const watched: string[] = [];
  backend.answer("pulses:list", ({ machineIds }: Args) => {
    watched.push(...(machineIds as string[]));
    return [pulse("n0", { lastHeartbeatAt: NOW - 80_000 }), pulse("n1")];
  });
  openApp("/", backend);
  const table = await screen.findByRole("table");
  expect(table.getAttribute("aria-rowcount")).toBe("10001");
  expect(rows().length).toBeLessThan(60);
  expect(names().slice(0, 3)).toEqual(["node-4321", "node-0", "node-1"]);
  await waitFor(() => expect(watched).toContain(idOf("n0")));
  expect(new Set(watched).size).toBeLessThanOrEqual(100);
  // A row of a big fleet does not know when its machine last beat: the pulse does.
  expect(screen.getByRole("row", { name: /Late node-0 1m 20s ago/ })).toBeTruthy();
  expect(screen.getByRole("row", { name: /Online node-1 4s ago/ })).toBeTruthy();
  expect(textOf(screen.getByRole("region", { name: "Fleet summary" }))).toContain(
    "9,999 / 10,000 machines online",
  );
});

test("slices that have arrived are shown while the others are on their way", async () => {
  const machines = Array.from({ length: 500 }, (_, index) => machine(`node-${index}`));
  const backend = bigFleetOf(machines);
  expect(sliceCount(500)).toBe(2);
  backend.answer("machines:slice", ({ slice }: Args) =>
    slice === 0 ? packRows(machines.slice(0, 300)) : undefined,
  );
  openApp("/", backend);
  expect(await screen.findByText("Loading 300 of 500 machines")).toBeTruthy();
  act(() =>
    backend.answer("machines:slice", ({ slice }: Args) =>
      packRows(slice === 0 ? machines.slice(0, 300) : machines.slice(300)),
    ),
  );
  expect(await screen.findByText("500 machines")).toBeTruthy();
});

test("in a browser that knows the size of the fleet, rows are asked for before it is known who asks", async () => {
  const machines = Array.from({ length: 500 }, (_, index) => machine(`node-${index}`));
  localStorage.setItem("rollcall.fleet.slices", "2");
  const backend = bigFleetOf(machines);
  backend.answer("users:me", () => undefined);
  openApp("/", backend);
  await vi.waitFor(() => expect(backend.prewarmed).toHaveLength(3), { timeout: 15_000 });
  expect(backend.prewarmed).toEqual([
    { name: "machines:counts", args: {} },
    { name: "machines:slice", args: { slice: 0, of: 2 } },
    { name: "machines:slice", args: { slice: 1, of: 2 } },
  ]);
});

test("j and k walk through the rows, Enter shows the machine beside the list, Escape closes it", async () => {
  const { user, router } = openApp("/", small());
  await screen.findByRole("table");
  await user.keyboard("j");
  expect(textOf(document.activeElement)).toBe("web-1");
  await user.keyboard("jjk");
  expect(textOf(document.activeElement)).toBe("web-2");
  await user.keyboard("{Enter}");
  const panel = await screen.findByRole("complementary", { name: "Details of web-2" });
  expect(textOf(panel)).toContain("web-2.internal");
  expect(router.state.location.pathname).toBe("/");
  await user.keyboard("j");
  expect(await screen.findByRole("complementary", { name: "Details of web-3" })).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary", { name: /Details of/ })).toBeNull();
  expect(textOf(document.activeElement)).toBe("web-3");
  // From its checkbox as well.
  await user.tab({ shift: true });
  await user.keyboard("k");
  expect(textOf(document.activeElement)).toBe("web-2");
});

test("an offline machine is acknowledged beside the list", async () => {
  const backend = fleetOf(machine("web-1", states.offline));
  backend.answer("incidents:open", [incident("i1")]);
  backend.handle("incidents:acknowledge", () => null);
  const { user } = openApp("/", backend);
  await screen.findByRole("table");
  await user.keyboard("j{Enter}");
  await user.click(await screen.findByRole("button", { name: "Acknowledge" }));
  expect(backend.calls).toEqual([{ name: "incidents:acknowledge", args: { incidentId: "i1" } }]);
});

test("a second Enter goes to the machine's page", async () => {
  const { user, router } = openApp("/", small());
  await screen.findByRole("table");
  await user.keyboard("j{Enter}");
  await screen.findByRole("complementary", { name: "Details of web-1" });
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/machines/${idOf("web-1")}`));
});

test("a filter that is not understood says what would be right", async () => {
  const { user } = openApp("/", small());
  await user.type(await screen.findByRole("textbox", { name: "Filter machines" }), "seen>soon");
  expect(screen.getByText("seen needs a duration: seen>10m, seen<1h.")).toBeTruthy();
});

test("a filter on time lets machines in as time passes", async () => {
  openApp("/?q=seen%3E10m", fleetOf(machine("web-1"), machine("web-2", states.offline)));
  expect(await screen.findByText("Nothing matches")).toBeTruthy();
  tick(420_000);
  await waitFor(() => expect(names()).toEqual(["web-2"]));
});

test("chosen machines are paused together, and Undo resumes them", async () => {
  const backend = small();
  backend.handle("machines:bulk", () => ({ changed: 2, skipped: 0 }));
  const { user } = openApp("/", backend);
  await user.click(await screen.findByRole("checkbox", { name: "Select web-1" }));
  await user.keyboard("{Shift>}");
  await user.click(screen.getByRole("checkbox", { name: "Select web-2" }));
  await user.keyboard("{/Shift}");
  const bar = screen.getByRole("toolbar", { name: "Actions on the chosen machines" });
  expect(textOf(bar)).toContain("2 machines chosen");
  await user.click(within(bar).getByRole("button", { name: "Pause" }));
  const machineIds = [idOf("web-1"), idOf("web-2")];
  expect(backend.calls).toContainEqual({
    name: "machines:bulk",
    args: { machineIds, action: { kind: "pause" } },
  });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(backend.calls.at(-1)?.args).toEqual({ machineIds, action: { kind: "resume" } });
});

test("what was paused before stays paused when a pause of many is undone", async () => {
  const paused = machine("web-2", { pausedAt: NOW - 60_000 });
  const backend = fleetOf(machine("web-1"), paused);
  backend.handle("machines:bulk", () => ({ changed: 1, skipped: 0 }));
  const { user } = openApp("/", backend);
  await user.click(
    await screen.findByRole("checkbox", { name: "Select all machines of the list" }),
  );
  await user.click(screen.getByRole("button", { name: "Pause" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  const machineIds = [idOf("web-1")];
  expect(backend.calls).toEqual([
    { name: "machines:bulk", args: { machineIds, action: { kind: "pause" } } },
    { name: "machines:bulk", args: { machineIds, action: { kind: "resume" } } },
  ]);
});

test("deleting many asks first", async () => {
  const backend = small();
  backend.handle("machines:bulk", () => ({ changed: 3, skipped: 0 }));
  const { user } = openApp("/", backend);
  await user.click(
    await screen.findByRole("checkbox", { name: "Select all machines of the list" }),
  );
  await user.click(screen.getByRole("button", { name: "Delete" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete 3 machines?" });
  expect(backend.calls).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Delete 3 machines" }));
  expect(backend.calls[0]?.args).toMatchObject({ action: { kind: "delete" } });
  await waitFor(() => expect(screen.queryByRole("toolbar")).toBeNull());
});

test("tags are added to the chosen machines", async () => {
  const backend = small();
  backend.handle("machines:bulk", () => ({ changed: 1, skipped: 0 }));
  const { user } = openApp("/", backend);
  await screen.findByRole("table");
  await user.keyboard("jx");
  await user.click(screen.getByRole("button", { name: "Tags" }));
  await user.type(await screen.findByRole("textbox", { name: "Tags" }), "prod, eu west");
  await user.click(screen.getByRole("button", { name: "Add tags" }));
  expect(backend.calls[0]?.args).toEqual({
    machineIds: [idOf("web-1")],
    action: { kind: "addTags", tags: ["prod", "eu west"] },
  });
});

test("a viewer can look but not choose", async () => {
  const backend = small();
  backend.answer("users:me", { ...alice, workspace: { ...alice.workspace, role: "viewer" } });
  openApp("/", backend);
  await screen.findByRole("table");
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test("chosen columns are remembered by this browser", async () => {
  const { user, unmount } = openApp("/", small());
  await screen.findByRole("columnheader", { name: "Version" });
  await user.click(screen.getByRole("button", { name: "Layout and columns" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Version" }));
  await user.click(screen.getByRole("menuitemcheckbox", { name: "IP address" }));
  unmount();
  openApp("/", small());
  expect(await screen.findByRole("columnheader", { name: "IP address" })).toBeTruthy();
  expect(screen.queryByRole("columnheader", { name: "Version" })).toBeNull();
});

test("a view is saved with its filter and order, and comes back from the menu", async () => {
  const { user, router } = openApp("/?q=web-2&sort=-name", small());
  await screen.findByRole("table");
  await user.click(screen.getByRole("button", { name: "Saved views" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save this view…" }));
  await user.type(await screen.findByRole("textbox", { name: "Name of the view" }), "Two");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await act(() => router.navigate("/"));
  expect(rows()).toHaveLength(3);
  await user.click(screen.getByRole("button", { name: "Saved views" }));
  await user.click(await screen.findByRole("menuitem", { name: "Two" }));
  expect(router.state.location.search).toBe("?q=web-2&sort=-name");
  expect(names()).toEqual(["web-2"]);
});

test("the list is downloaded as it is filtered", async () => {
  const saved: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "blob:test";
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  const { user } = openApp("/?q=web-2", small());
  await user.click(await screen.findByRole("button", { name: "Download this list as CSV" }));
  vi.restoreAllMocks();
  const text = await saved[0]?.text();
  expect(text?.trim().split("\r\n")).toHaveLength(2);
  expect(text).toContain("web-2.internal");
});

test("the wall display shows problems first and Escape leaves it", async () => {
  const backend = fleetOf(machine("web-1"), machine("web-2", states.offline));
  const { user, router } = openApp("/?view=wall", backend);
  const wall = await screen.findByRole("region", { name: "Wall display" });
  expect(textOf(within(wall).getByRole("heading"))).toBe("1 / 2 machines online");
  const items = within(wall).getAllByRole("listitem");
  expect(items.map((item) => within(item).getByRole("link").textContent)).toEqual([
    "web-2",
    "web-1",
  ]);
  await user.keyboard("{Escape}");
  expect(router.state.location.search).toBe("");
});
