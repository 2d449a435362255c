import { act, screen, waitFor } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { installation, machine } from "./support/cast.ts";
import { type FakeConvex } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const signedOut = { isSignedIn: false };

/** Lets everybody in, or only with this password. */
function letIn(backend: FakeConvex, password?: string) {
  backend.handle("auth:signIn", ({ params }) => {
    if (password !== undefined && (params as { password: string }).password !== password) {
      const message = "The e-mail address or the password is wrong.";
      throw new ConvexError({ kind: "badCredentials", message });
    }
    return { tokens: { token: "jwt", refreshToken: "refresh" } };
  });
  backend.handle("auth:signOut", () => null);
}

async function signIn(user: ReturnType<typeof openApp>["user"], password: string) {
  await user.clear(screen.getByLabelText("E-mail"));
  await user.type(screen.getByLabelText("E-mail"), "alice@example.com");
  await user.clear(screen.getByLabelText("Password"));
  await user.type(screen.getByLabelText("Password"), password);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

test("a stranger signs in and gets to where they wanted to go", async () => {
  const backend = backendOfAlice();
  letIn(backend);
  const { user, router } = openApp("/settings", backend, signedOut);
  await screen.findByRole("heading", { name: "Sign in" });
  expect(screen.queryByText(/session has expired/)).toBeNull();
  await signIn(user, "correct horse");
  await screen.findByRole("heading", { name: "Settings", level: 1 });
  expect(router.state.location.pathname).toBe("/settings");
  expect(backend.calls[0]?.args).toMatchObject({
    provider: "password",
    params: { flow: "signIn", email: "alice@example.com", password: "correct horse" },
  });
});

test("a wrong password is said in the form, which keeps the address", async () => {
  const backend = backendOfAlice();
  letIn(backend, "correct horse");
  const { user } = openApp("/sign-in", backend, signedOut);
  await screen.findByRole("heading", { name: "Sign in" });
  await signIn(user, "battery staple");
  expect(textOf(await screen.findByRole("alert"))).toContain(
    "The e-mail address or the password is wrong.",
  );
  expect(screen.getByLabelText("E-mail")).toHaveProperty("value", "alice@example.com");
  await signIn(user, "correct horse");
  await screen.findByRole("heading", { name: "Fleet", level: 1 });
});

test("an expired session leads to sign-in with a notice, and back to the same page", async () => {
  const backend = backendOfAlice();
  letIn(backend);
  backend.answer("machines:list", [machine("web-1")]);
  const { user, router } = openApp("/?q=web", backend);
  await screen.findByRole("table");
  act(() => backend.expireSession());
  await screen.findByText(/Your session has expired/);
  expect(router.state.location.pathname).toBe("/sign-in");
  await signIn(user, "correct horse");
  await screen.findByRole("table");
  expect(router.state.location.search).toBe("?q=web");
});

test("a session that the server no longer knows counts as expired", async () => {
  const backend = backendOfAlice();
  letIn(backend);
  backend.answer("users:me", null);
  openApp("/", backend);
  await screen.findByRole("heading", { name: "Sign in" });
  expect(backend.calls.map(({ name }) => name)).toContain("auth:signOut");
});

test("signing out on purpose leads to sign-in without a notice", async () => {
  const backend = backendOfAlice();
  letIn(backend);
  const { user } = openApp("/", backend);
  const [menu] = await screen.findAllByRole("button", { name: "Account menu" });
  await user.click(menu as HTMLElement);
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await screen.findByRole("heading", { name: "Sign in" });
  expect(screen.queryByText(/session has expired/)).toBeNull();
});

test("the first visitor of a new installation is asked to create the owner account", async () => {
  const backend = backendOfAlice();
  backend.answer("installation:status", { ...installation, hasOwner: false });
  letIn(backend);
  const { user } = openApp("/", backend, signedOut);
  await screen.findByRole("heading", { name: /Create the owner account/ });
  await user.type(screen.getByLabelText("E-mail"), "alice@example.com");
  await user.type(screen.getByLabelText("Password"), "short");
  await user.click(screen.getByRole("button", { name: "Create the owner account" }));
  expect(screen.getByText(/At least 8 characters\. A few words/)).toBeTruthy();
  expect(backend.calls).toEqual([]);

  await user.type(screen.getByLabelText("Password"), " and longer");
  await user.click(screen.getByRole("button", { name: "Create the owner account" }));
  await screen.findByRole("heading", { name: "Fleet", level: 1 });
  expect(backend.calls[0]?.args).toMatchObject({ params: { flow: "signUp" } });
});

test("where sign-ups are closed, the page says so and offers no form", async () => {
  openApp("/sign-up", backendOfAlice(), signedOut);
  await screen.findByRole("heading", { name: "Sign-ups are closed" });
  expect(screen.queryByLabelText("Password")).toBeNull();
  expect(screen.getByRole("link", { name: "Go to sign in" })).toBeTruthy();
});

test("where sign-ups are open, sign-in and sign-up lead to each other", async () => {
  const backend = backendOfAlice();
  backend.answer("installation:status", { ...installation, signUpsOpen: true });
  const { user } = openApp("/sign-in", backend, signedOut);
  await user.click(await screen.findByRole("link", { name: "Sign up" }));
  await screen.findByRole("heading", { name: "Create your account" });
});

test("an address that is taken is said beside the e-mail field", async () => {
  const backend = backendOfAlice();
  backend.answer("installation:status", { ...installation, signUpsOpen: true });
  backend.handle("auth:signIn", () => {
    const message = "There is an account with this e-mail address already. Sign in instead.";
    throw new ConvexError({ kind: "invalid", field: "email", message });
  });
  const { user } = openApp("/sign-up", backend, signedOut);
  await user.type(await screen.findByLabelText("E-mail"), "alice@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign up" }));
  await screen.findByText(/There is an account with this e-mail address already/);
  expect(screen.getByLabelText("E-mail").getAttribute("aria-invalid")).toBe("true");
});

test("the theme follows the choice and is remembered on this device", async () => {
  const { user } = openApp("/settings", backendOfAlice());
  await user.click(await screen.findByRole("radio", { name: "Dark" }));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(localStorage.getItem("rollcall.theme")).toBe("dark");
  await user.click(screen.getByRole("radio", { name: "System" }));
  expect(document.documentElement.dataset["theme"]).toBe("light");
  expect(localStorage.getItem("rollcall.theme")).toBeNull();
});

test("high contrast is chosen in the settings or the menu, and remembered on this device", async () => {
  const { user } = openApp("/settings", backendOfAlice());
  await user.click(await screen.findByRole("radio", { name: "High" }));
  expect(document.documentElement.dataset["contrast"]).toBe("more");
  expect(localStorage.getItem("rollcall.contrast")).toBe("more");
  const [account] = screen.getAllByRole("button", { name: /account/i });
  await user.click(account!);
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "High contrast" }));
  expect(document.documentElement.dataset["contrast"]).toBe("usual");
  expect(localStorage.getItem("rollcall.contrast")).toBeNull();
});

test("a backend that never answers is named, with a way to try again", async () => {
  const backend = backendOfAlice();
  backend.answer("users:me", undefined);
  openApp("/", backend);
  await screen.findByRole("status", { name: "Loading Rollcall" });
  act(() =>
    backend.connect({ isWebSocketConnected: false, hasEverConnected: false, connectionRetries: 5 }),
  );
  await screen.findByText("The backend does not answer");
});

test("a monitor that has stopped checking is an alarm of its own", async () => {
  const backend = backendOfAlice();
  openApp("/", backend);
  await screen.findByRole("heading", { name: "Fleet", level: 1 });
  expect(screen.queryByText(/monitor itself has stopped/)).toBeNull();
  act(() => backend.answer("monitor:status", { lastSweepAt: 0, checkIntervalMs: 10_000 }));
  await screen.findByText(/monitor itself has stopped/);
});

test("an address that leads nowhere says so inside the app", async () => {
  openApp("/no/such/page", backendOfAlice());
  await screen.findByText("There is no such page");
  await waitFor(() => expect(document.title).toBe("Not found · Rollcall"));
});

test("the page of a demo says that everything in it is made up, and how to get in", async () => {
  const backend = backendOfAlice();
  backend.answer("installation:status", { ...installation, isDemo: true });
  openApp("/sign-in", backend, signedOut);
  const line = await screen.findByRole("complementary", { name: "Demo" });
  expect(line.textContent).toContain("made-up machines");
  expect(line.textContent).toContain("demo@example.com");
});
