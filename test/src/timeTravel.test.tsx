/** The fleet as it was: ?at=, its banner, steps from change to change, and the way back. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { readMoment, writeMoment } from "@/features/fleet/past/moment.ts";
import { idOf, machine, NOW } from "./support/cast.ts";
import { type Args } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const HOUR = 3_600_000;
const silentAt = NOW - 5 * HOUR;

const before = (name: string, differences: object = {}) => ({
  machineId: idOf(name),
  name,
  description: "",
  tags: ["prod"],
  hostname: `${name}.internal`,
  version: "1.3.0",
  status: "online",
  reason: "heartbeat",
  since: NOW - 10 * HOUR,
  condition: "up",
  ...differences,
});

/** web-1 was silent from five hours ago on; web-2 is on the second page. */
function backendWithPast() {
  const backend = backendOfAlice();
  backend.answer("machines:counts", { active: 1, total: 1 });
  backend.answer("machines:list", [machine("web-1")]);
  backend.answer("history:fleetAt", ({ at, paginationOpts }: Args) => {
    const { cursor } = paginationOpts as { cursor: string | null };
    const silent = { status: "offline", reason: "silence", since: silentAt, condition: "down" };
    return cursor === null
      ? {
          page: [before("web-1", Number(at) >= silentAt ? silent : {})],
          isDone: false,
          continueCursor: "2",
        }
      : { page: [before("web-2")], isDone: true, continueCursor: "" };
  });
  backend.answer("history:steps", ({ at }: Args) => ({
    previousAt: Number(at) > silentAt ? silentAt : null,
    nextAt: Number(at) < silentAt ? silentAt : null,
  }));
  return backend;
}

const row = (name: string) => screen.findByRole("row", { name: new RegExp(name) });

test("?at= shows all pages of the fleet as it was, and says that it is not now", async () => {
  openApp(`/?at=${writeMoment(silentAt + HOUR)}`, backendWithPast());
  expect(textOf(await row("web-1"))).toMatch(/^Offline.*1h1\.3\.0web-1\.internal$/);
  expect(textOf(await row("web-2"))).toContain("Online");
  const banner = screen.getByRole("region", { name: "The fleet as it was" });
  expect(textOf(banner)).toContain("This is the fleet as it was on Oct 2, 2026");
  expect(textOf(screen.getByRole("region", { name: "Fleet summary" }))).toContain(
    "1 / 2 machines online",
  );
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test("it steps from change to change and back to now", async () => {
  const { user, router } = openApp(`/?at=${writeMoment(silentAt + HOUR)}`, backendWithPast());
  await row("web-2");
  await user.click(screen.getByRole("button", { name: "Previous change" }));
  expect(router.state.location.search).toContain(encodeURIComponent(writeMoment(silentAt)));
  expect(await screen.findByRole("button", { name: "No change before" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Back to now" }));
  expect(router.state.location.search).toBe("");
  await waitFor(() => expect(screen.getByRole("checkbox", { name: "Select web-1" })).toBeTruthy());
});

test("it goes to the moment that is typed", async () => {
  openApp(`/?at=${writeMoment(silentAt + HOUR)}`, backendWithPast());
  expect(textOf(await row("web-1"))).toContain("Offline");
  const field = screen.getByLabelText("Moment");
  fireEvent.change(field, { target: { value: "2026-10-01T22:00:00" } });
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(async () => expect(textOf(await row("web-1"))).toContain("Online"));
});

test("the past is filtered and counted like the present", async () => {
  const { user } = openApp(`/?at=${writeMoment(silentAt)}`, backendWithPast());
  await row("web-2");
  await user.click(
    within(screen.getByRole("group", { name: "Show by status" })).getByRole("button", {
      name: /Offline/,
    }),
  );
  expect(screen.getByText("1 of 2 machines")).toBeTruthy();
  expect(screen.queryByRole("row", { name: /web-2/ })).toBeNull();
});

test("a gap of the monitor's own is named", async () => {
  const backend = backendWithPast();
  backend.answer("history:fleetAt", {
    page: [before("web-1", { condition: "unknown" })],
    isDone: true,
    continueCursor: "",
  });
  openApp(`/?at=${writeMoment(silentAt)}`, backend);
  expect(await screen.findByText(/The monitor itself was away at this moment/)).toBeTruthy();
});

test("a moment that cannot be read, or lies ahead, is said to be so", async () => {
  openApp("/?at=yesterday", backendWithPast());
  expect(await screen.findByText(/names no moment/)).toBeTruthy();
  const { router } = openApp(`/?at=${writeMoment(NOW + HOUR)}`, backendWithPast());
  expect(await screen.findByText(/lies ahead/)).toBeTruthy();
  expect(router.state.location.search).toContain("at=");
});

test("what fails is told, and asked for again", async () => {
  const backend = backendWithPast();
  backend.answer("history:fleetAt", () => {
    throw new Error("Too far away");
  });
  const { user } = openApp(`/?at=${writeMoment(silentAt)}`, backend);
  expect(await screen.findByText("The past could not be loaded")).toBeTruthy();
  backend.answer("history:fleetAt", { page: [], isDone: true, continueCursor: "" });
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("There was nobody yet")).toBeTruthy();
});

test("moments are written in UTC and read with or without a zone", () => {
  expect(writeMoment(Date.UTC(2026, 9, 2, 3, 14))).toBe("2026-10-02T03:14Z");
  expect(writeMoment(Date.UTC(2026, 9, 2, 3, 14, 5, 120))).toBe("2026-10-02T03:14:05.120Z");
  expect(readMoment("2026-10-02T03:14Z")).toBe(Date.UTC(2026, 9, 2, 3, 14));
  expect(readMoment("2026-10-02T03:14+02:00")).toBe(Date.UTC(2026, 9, 2, 1, 14));
  expect(readMoment("2026-10-02T03:14")).toBe(new Date(2026, 9, 2, 3, 14).getTime());
  expect(readMoment("soon")).toBeNull();
});
