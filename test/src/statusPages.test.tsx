import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { idOf, machine, NOW } from "./support/cast.ts";
import { FakeConvex } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const item = (status: string) => ({
  itemId: "i1",
  name: "Website",
  status,
  since: NOW - 600_000,
  days: [...Array.from({ length: 88 }, () => null), 0.5, 1],
  last30Days: 0.75,
  last90Days: 0.75,
});
const published = (status: string, overall: string) => ({
  title: "Example Inc.",
  description: "What runs for you.",
  overall,
  items: [item(status)],
  incidents: [{ itemId: "i1", openedAt: NOW - 600_000, closedAt: null }],
  announcements: [
    { kind: "problem", title: "Power cut", text: "We are on it.", startsAt: NOW, endsAt: null },
  ],
});

test("a status page is read signed out, and changes by itself", async () => {
  const backend = new FakeConvex();
  backend.answer("publicStatus:get", published("operational", "operational"));
  openApp("/status/example", backend, { isSignedIn: false });
  await screen.findByRole("heading", { level: 1, name: "Example Inc." });
  expect(screen.getByText("Everything works")).toBeTruthy();
  expect(screen.getByText("Power cut")).toBeTruthy();
  act(() => backend.answer("publicStatus:get", published("down", "down")));
  await screen.findByText("Nothing works right now");
  expect(screen.getByText("Does not work")).toBeTruthy();
});

test("the bar of ninety days is walked by keyboard, each day in words", async () => {
  const backend = new FakeConvex();
  backend.answer("publicStatus:get", published("operational", "operational"));
  const { user } = openApp("/status/example", backend, { isSignedIn: false });
  const bar = await screen.findByRole("slider", { name: /^Website: uptime/ });
  expect(bar.getAttribute("aria-valuetext")).toMatch(/2026: 100% up$/);
  act(() => bar.focus());
  await user.keyboard("{ArrowLeft}");
  expect(bar.getAttribute("aria-valuetext")).toMatch(/: 50\.00% up$/);
  await user.keyboard("{Home}");
  expect(bar.getAttribute("aria-valuetext")).toMatch(/: no time counts$/);
});

test("where nothing is published, the page says so", async () => {
  const backend = new FakeConvex();
  backend.answer("publicStatus:get", null);
  openApp("/status/nowhere", backend, { isSignedIn: false });
  await screen.findByRole("heading", { level: 2, name: "There is no such status page" });
});

function backendWithPage() {
  const backend = backendOfAlice();
  const row = { statusPageId: "p1", slug: "example", title: "Example", isPublished: false };
  backend.answer("statusPages:list", [row]);
  backend.answer("statusPages:get", {
    ...row,
    description: "",
    items: [{ itemId: "i1", name: "Website", machineId: idOf("web-1") }],
    announcements: [],
  });
  backend.answer("machines:list", [machine("web-1"), machine("db-1")]);
  for (const name of ["update", "setItems", "create", "announce"]) {
    backend.handle(`statusPages:${name}`, () => ({ statusPageId: "p1" }));
  }
  return backend;
}

test("machines are chosen, named and ordered, then saved as a whole", async () => {
  const backend = backendWithPage();
  const { user } = openApp("/status-pages", backend);
  await user.type(await screen.findByRole("combobox", { name: "Add a machine" }), "db");
  await user.keyboard("{Enter}");
  const name = screen.getByLabelText("Public name of db-1");
  await user.clear(name);
  await user.type(name, "Database");
  await user.click(screen.getByRole("button", { name: "Move Database up" }));
  const items = screen.getByRole("list", { name: "Machines" }).closest("section")!;
  await user.click(within(items).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(backend.calls).toHaveLength(1));
  expect(backend.calls[0]).toEqual({
    name: "statusPages:setItems",
    args: {
      statusPageId: "p1",
      items: [
        { machineId: idOf("db-1"), name: "Database" },
        { machineId: idOf("web-1"), name: "Website" },
      ],
    },
  });
});

test("a page is published by one button, and has a badge to paste elsewhere", async () => {
  const backend = backendWithPage();
  const { user } = openApp("/status-pages", backend);
  await user.click(await screen.findByRole("button", { name: "Publish" }));
  expect(backend.calls[0]?.args).toEqual({ statusPageId: "p1", isPublished: true });
  expect(textOf(screen.getByLabelText("Badge as Markdown"))).toContain(
    "/api/v1/status/example/badge.svg",
  );
});

test("without a page, the first can be made", async () => {
  const backend = backendWithPage();
  backend.answer("statusPages:list", []);
  const { user } = openApp("/status-pages", backend);
  await screen.findByText("Nothing is published");
  await user.click(screen.getByRole("button", { name: "New status page" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText("Title"), "Example");
  await user.type(within(dialog).getByLabelText("Address"), "example");
  await user.click(within(dialog).getByRole("button", { name: "Create" }));
  expect(backend.calls[0]?.args).toEqual({ slug: "example", title: "Example", description: "" });
});
