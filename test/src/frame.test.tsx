/** What every page has around it: help for the keyboard, and the tab's icon that tells how many machines are down. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machine, states } from "./support/cast.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";

let icon: HTMLLinkElement;

beforeEach(() => {
  icon = document.createElement("link");
  icon.rel = "icon";
  icon.setAttribute("href", "/favicon.svg");
  document.head.append(icon);
});

afterEach(() => icon.remove());

test("`?` shows what the keyboard can do, Escape closes it", async () => {
  const { user } = openApp("/incidents", backendOfAlice());
  await screen.findByRole("heading", { name: "Incidents", level: 1 });
  await user.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("the tab's icon tells how many machines are down, and is the usual one when none is", async () => {
  const backend = backendOfAlice();
  backend.answer("machines:list", [machine("web-1"), machine("web-2", states.offline)]);
  openApp("/", backend);
  await screen.findByRole("table");
  await waitFor(() =>
    expect(decodeURIComponent(icon.getAttribute("href") ?? "")).toContain(">1</text>"),
  );
  act(() => backend.answer("machines:list", [machine("web-1"), machine("web-2")]));
  await waitFor(() => expect(icon.getAttribute("href")).toBe("/favicon.svg"));
});

test("every place has an address of its own, and `More` opens those that narrow screens have no room for", async () => {
  const { user, router } = openApp("/maintenance", backendOfAlice());
  await screen.findByRole("heading", { name: "Maintenance", level: 1 });
  const [side, bottom] = screen.getAllByRole("navigation", { name: "Main" });
  const namesIn = (element: HTMLElement) =>
    within(element)
      .getAllByRole("link")
      .map((link) => link.textContent);
  expect(namesIn(side!)).toEqual([
    "Fleet",
    "Incidents",
    "Notifications",
    "Maintenance",
    "Status pages",
    "People",
    "API keys",
    "Audit log",
    "Settings",
  ]);
  expect(namesIn(bottom!)).toEqual(["Fleet", "Incidents", "Notifications"]);

  await user.click(within(bottom!).getByRole("button", { name: "More" }));
  const sheet = await screen.findByRole("dialog", { name: "More" });
  expect(namesIn(sheet)).toHaveLength(6);
  await user.click(within(sheet).getByRole("link", { name: "Status pages" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/status-pages"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});
