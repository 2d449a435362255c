import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { formatMoment } from "@/lib/moments.ts";
import { idOf, machine, NOW } from "./support/cast.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const HOUR = 3_600_000;

const patchDay = {
  windowId: "m1",
  name: "Patch day",
  machineIds: [],
  tags: ["prod"],
  schedule: { kind: "once", startsAt: NOW - HOUR, endsAt: NOW + HOUR },
};
const nightly = {
  windowId: "m2",
  name: "Nightly restart",
  machineIds: [idOf("web-1")],
  tags: [],
  schedule: {
    kind: "weekly",
    timeZone: "UTC",
    days: [1, 3],
    startMinute: 180,
    durationMs: 2 * HOUR,
  },
};

function backendWith(windows: object[]) {
  const backend = backendOfAlice();
  backend.answer("machines:list", [machine("web-1", { tags: ["prod"] })]);
  backend.answer("maintenance:list", windows);
  backend.answer("maintenance:preview", {
    machines: 1,
    isMore: false,
    nextStart: NOW + HOUR,
    problem: null,
  });
  backend.handle("maintenance:create", () => ({ windowId: "m3" }));
  backend.handle("maintenance:remove", () => null);
  return backend;
}

test("windows say whether they are active, for whom they are, and when they come", async () => {
  openApp("/maintenance", backendWith([nightly, patchDay]));
  const list = await screen.findByRole("list", { name: "Maintenance windows" });
  const [first, second] = within(list).getAllByRole("listitem").map(textOf);
  expect(first).toContain("Patch day");
  expect(first).toMatch(/Active until/);
  expect(first).toContain("Tagged prod");
  // Its own start and not now, and whose time that is.
  expect(first).toMatch(`two weeks: ${formatMoment(NOW - HOUR, NOW)} (`);
  expect(second).toContain("Mon, Wed at 03:00, for 2h (UTC)");
  expect(second).toContain("4 in the next two weeks");
  await waitFor(() => expect(textOf(list)).toContain("web-1"));
});

test("a window is planned for a tag; what is missing is said before it is sent", async () => {
  const backend = backendWith([]);
  const { user } = openApp("/maintenance", backend);
  await user.click(await screen.findByRole("button", { name: "Plan maintenance" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "Every week" }));
  await user.click(within(dialog).getByRole("radio", { name: "By tag" }));
  await user.click(within(dialog).getByRole("button", { name: "Plan it" }));
  expect(within(dialog).getByText("Choose at least one.")).toBeTruthy();
  expect(backend.calls).toEqual([]);
  await user.type(within(dialog).getByLabelText("Tags"), "prod");
  await user.type(within(dialog).getByLabelText("Name"), "Reboots");
  await within(dialog).findByText(/^For 1 machine\. Next:/);
  await user.click(within(dialog).getByRole("button", { name: "Plan it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.calls[0]?.args).toMatchObject({
    name: "Reboots",
    tags: ["prod"],
    machineIds: [],
    schedule: { kind: "weekly", days: [0], startMinute: 180, durationMs: 2 * HOUR },
  });
});

test("a window that was removed can be had back", async () => {
  const backend = backendWith([patchDay]);
  const { user } = openApp("/maintenance", backend);
  await user.click(await screen.findByRole("button", { name: "Remove Patch day" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(backend.calls).toHaveLength(2));
  expect(backend.calls[1]).toMatchObject({
    name: "maintenance:create",
    args: { name: "Patch day", tags: ["prod"] },
  });
});
