/** The command palette and the keys that work from the list: go anywhere, find any machine, acknowledge. */
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { chooseContrast, chooseTheme } from "@/lib/theme.ts";
import { chooseLanguage } from "@/texts/texts.ts";
import { idOf, incident, machine, states } from "./support/cast.ts";
import { type Args } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";

function backendWithFleet() {
  const backend = backendOfAlice();
  backend.answer("machines:counts", { active: 1, total: 2 });
  backend.answer("machines:list", [machine("web-1", states.offline), machine("web-2")]);
  backend.answer("incidents:open", [incident("i1")]);
  backend.answer("operators:search", ({ text }: Args) => ({
    page:
      text === "rack 4"
        ? [{ machineId: idOf("db-7"), name: "db-7", hostname: "h", foundIn: "metadata" }]
        : [],
    isDone: true,
    continueCursor: "",
  }));
  return backend;
}

async function openPalette(user: ReturnType<typeof openApp>["user"]) {
  await user.keyboard("{Control>}k{/Control}");
  return await screen.findByRole("dialog", { name: "Go to or do" });
}

afterEach(async () => {
  chooseTheme("system");
  chooseContrast("usual");
  await chooseLanguage("en");
});

test("Ctrl-K finds a machine by what it said of itself and goes to its page", async () => {
  const { user, router } = openApp("/incidents", backendWithFleet());
  await screen.findByRole("heading", { name: "Incidents" });
  const dialog = await openPalette(user);
  await user.keyboard("rack 4");
  const found = await within(dialog).findByRole("option", { name: /db-7/ });
  expect(found.textContent).toContain("metadata");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/machines/${idOf("db-7")}`));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("it goes to places, and gives the focus back when it is closed", async () => {
  const { user, router } = openApp("/", backendWithFleet());
  await screen.findByRole("table");
  await user.keyboard("j");
  const focused = document.activeElement;
  await openPalette(user);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(focused));
  await openPalette(user);
  await user.keyboard("audit{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/audit"));
});

test("it opens the dialog that adds a machine", async () => {
  const { user, router } = openApp("/incidents", backendWithFleet());
  await screen.findByRole("heading", { name: "Incidents" });
  await openPalette(user);
  await user.keyboard("add a machine{Enter}");
  expect(await screen.findByRole("dialog", { name: /Add/ })).toBeTruthy();
  expect(router.state.location.search).toBe("");
});

test("it changes theme, contrast and language", async () => {
  const { user } = openApp("/", backendWithFleet());
  await screen.findByRole("table");
  await openPalette(user);
  await user.keyboard("dark theme{Enter}");
  expect(document.documentElement.dataset.theme).toBe("dark");
  await openPalette(user);
  await user.keyboard("high contrast{Enter}");
  expect(document.documentElement.dataset.contrast).toBe("more");
  await openPalette(user);
  await user.keyboard("deutsch{Enter}");
  expect(await screen.findByRole("columnheader", { name: "Speicher" })).toBeTruthy();
});

test("it acknowledges an open incident", async () => {
  const backend = backendWithFleet();
  backend.handle("incidents:acknowledge", () => null);
  const { user } = openApp("/", backend);
  await screen.findByRole("table");
  const dialog = await openPalette(user);
  await user.click(await within(dialog).findByRole("option", { name: "Acknowledge web-1" }));
  await waitFor(() =>
    expect(backend.calls).toEqual([{ name: "incidents:acknowledge", args: { incidentId: "i1" } }]),
  );
});

test("`a` acknowledges what is open about the machine that has the focus, and says where there is nothing", async () => {
  const backend = backendWithFleet();
  backend.handle("incidents:acknowledge", () => null);
  const { user } = openApp("/", backend);
  await screen.findByRole("table");
  await user.keyboard("ja");
  expect(await screen.findByText("web-1 acknowledged")).toBeTruthy();
  expect(backend.calls).toHaveLength(1);
  await user.keyboard("ja");
  expect(await screen.findByText("web-2 has no open incident")).toBeTruthy();
  expect(backend.calls).toHaveLength(1);
});

test("? lists what the keyboard can do, and the palette leads there, too", async () => {
  const { user } = openApp("/", backendWithFleet());
  await screen.findByRole("table");
  await openPalette(user);
  await user.keyboard("keyboard shortcuts{Enter}");
  const help = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(help.textContent).toContain("Acknowledge");
  expect(help.textContent).toContain("Ctrl");
});
