/** What can be done to a machine on its page: pause, archive, delete and back, dependencies, tokens, clones. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { type MachineDetails } from "@/lib/backend.ts";
import { metadataRows } from "@/features/machine/metadataRows.ts";
import { DAY } from "../../core/time.ts";
import { details, idOf, incident, machine, NOW, pageOf, states } from "./support/cast.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const machineId = idOf("web-1");

function openMachine(differences: Partial<MachineDetails> = {}) {
  const backend = backendOfAlice();
  backend.answer("machines:get", details(machine("web-1"), differences));
  backend.answer("dependencies:of", { parent: null, children: [] });
  for (const name of [
    "pause",
    "resume",
    "archive",
    "restore",
    "dismissClash",
    "split",
    "replace",
  ]) {
    backend.handle(`machines:${name}`, () => null);
  }
  backend.handle("dependencies:set", () => null);
  backend.handle("secrets:revoke", () => null);
  backend.handle("secrets:rotate", () => ({ previousExpiresAt: null }));
  return { backend, ...openApp(`/machines/${machineId}`, backend) };
}

test("alerts are paused and resumed", async () => {
  const { user, backend } = openMachine();
  await user.click(await screen.findByRole("button", { name: "Pause alerts" }));
  expect(backend.calls).toEqual([{ name: "machines:pause", args: { machineId } }]);
  backend.answer("machines:get", details(machine("web-1", { pausedAt: NOW })));
  expect(await screen.findByText(/Alerts are paused: it is watched as ever/)).toBeTruthy();
  await user.click(screen.getAllByRole("button", { name: "Resume alerts" })[0] as HTMLElement);
  expect(backend.calls.at(-1)?.name).toBe("machines:resume");
});

test("who may read the audit log is led to what was changed of the machine", async () => {
  openMachine();
  const link = await screen.findByRole("link", { name: "Who changed what" });
  expect(link.getAttribute("href")).toBe(`/audit?subjectId=${machineId}`);
});

test("archiving leads back to the fleet, and Undo restores", async () => {
  const { user, backend, router } = openMachine();
  await user.click(await screen.findByRole("button", { name: "Archive" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() =>
    expect(backend.calls.at(-1)).toEqual({ name: "machines:restore", args: { machineId } }),
  );
});

test("a deleted machine says until when it can be restored, and is", async () => {
  const { user, backend } = openMachine({ shelf: "deleted", purgeAt: NOW + 30 * DAY });
  expect(await screen.findByText(/Its history goes on Nov 1, 2026/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Delete machine" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Restore" }));
  expect(backend.calls).toEqual([{ name: "machines:restore", args: { machineId } }]);
});

test("a parent is found by what it is called, and cleared", async () => {
  const { user, backend } = openMachine();
  const router = { machineId: idOf("router"), name: "router", hostname: "gw" };
  backend.answer("operators:search", {
    page: [{ ...router, tags: [], version: null, foundIn: "name" }],
    isDone: true,
    continueCursor: "",
  });
  const card = await screen.findByRole("region", { name: "Depends on" });
  await user.type(within(card).getByRole("textbox"), "rou");
  await user.click(await within(card).findByRole("button", { name: /router/ }));
  expect(backend.calls).toEqual([
    { name: "dependencies:set", args: { machineId, parentMachineId: router.machineId } },
  ]);
  backend.answer("dependencies:of", {
    parent: { machineId: router.machineId, name: "router" },
    children: [{ machineId: idOf("web-9"), name: "web-9" }],
  });
  expect(await within(card).findByRole("link", { name: "web-9" })).toBeTruthy();
  await user.click(within(card).getByRole("button", { name: "Depends on nothing" }));
  expect(backend.calls.at(-1)?.args).toEqual({ machineId, parentMachineId: null });
});

test("S4.8 the overlap of a new token is chosen", async () => {
  const { user, backend } = openMachine();
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.click(screen.getByRole("radio", { name: "1 hour" }));
  await user.click(screen.getByRole("button", { name: "Make a new token" }));
  expect(backend.calls[0]?.args).toMatchObject({ machineId, overlapMs: 3_600_000 });
});

test("S4.8 a machine is locked out at once, after asking", async () => {
  const { user, backend } = openMachine();
  await user.click(await screen.findByText("More about the token"));
  await user.click(screen.getByRole("button", { name: "Lock it out" }));
  const dialog = await screen.findByRole("dialog", { name: "Lock this machine out?" });
  expect(backend.calls).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Lock it out" }));
  expect(backend.calls).toEqual([{ name: "secrets:revoke", args: { machineId, which: "all" } }]);
});

test("new hardware gets the entry with a new token, which is shown once", async () => {
  const { user, backend } = openMachine();
  await user.click(await screen.findByText("More about the token"));
  await user.click(screen.getByRole("button", { name: "Replace the machine" }));
  await user.click(await screen.findByRole("button", { name: "Make the replacement's token" }));
  const { secret } = (backend.calls[0]?.args ?? {}) as { secret: string };
  const shown = await screen.findByLabelText("token of the replacement");
  expect(textOf(shown)).toBe(`${machineId}:${secret}`);
});

test("a clone is named; splitting shows a token that stays although the clash is over", async () => {
  const boot = (bootId: string, hostname: string) => ({
    bootId,
    hostname,
    lastSeenAt: NOW - 4_000,
  });
  const clash = { detectedAt: NOW, boots: [boot("b1", "web-1"), boot("b2", "web-1-copy")] };
  const { user, backend } = openMachine({ clash });
  expect(await screen.findByText("Two machines use this token")).toBeTruthy();
  expect(screen.getByText(/web-1-copy/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Give one of them its own entry" }));
  await user.click(await screen.findByRole("button", { name: "Create it" }));
  const args = backend.calls[0]?.args ?? {};
  backend.answer("machines:get", details(machine("web-1")));
  const shown = await screen.findByLabelText("token of the new machine");
  expect(textOf(shown)).toBe(`${String(args.newMachineId)}:${String(args.secret)}`);
  await waitFor(() => expect(screen.queryByText("Two machines use this token")).toBeNull());
  expect(screen.getByLabelText("token of the new machine")).toBeTruthy();
});

test("S0.1 metadata is a table that people can read, whatever an agent sends", () => {
  expect(
    metadataRows('{"rack":{"row":4,"units":[1,2]},"disks":[{"name":"sda"}],"on":true}'),
  ).toEqual([
    { path: "rack.row", value: "4" },
    { path: "rack.units", value: "1, 2" },
    { path: "disks.0.name", value: "sda" },
    { path: "on", value: "true" },
  ]);
  expect(metadataRows("not json")).toEqual([{ path: "", value: "not json" }]);
});

test("an offline machine says whether anybody has its incident, and is acknowledged there", async () => {
  const { user, backend } = openMachine({ ...machine("web-1", states.offline) });
  const open = incident("i1", { suppressedBy: { kind: "parentDown", parent: "router" } });
  backend.answer("incidents:list", pageOf([open]));
  backend.answer("incidents:open", [open]);
  backend.handle("incidents:acknowledge", () => null);
  const notice = await screen.findByRole("alert");
  expect(textOf(notice)).toContain(
    "Nobody has acknowledged this yet. Nobody is told: router, on which",
  );
  const link = within(notice).getByRole("link", { name: "Open the incident" });
  expect(link.getAttribute("href")).toBe("/incidents/i1");
  await user.click(within(notice).getByRole("button", { name: "Acknowledge" }));
  expect(backend.calls).toEqual([{ name: "incidents:acknowledge", args: { incidentId: "i1" } }]);
  act(() =>
    backend.answer(
      "incidents:list",
      pageOf([incident("i1", { acknowledgedAt: NOW, acknowledgedBy: "Bob" })]),
    ),
  );
  expect(await screen.findByText(/^Bob has had it since/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
});
