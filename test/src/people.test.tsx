/** People, invites, workspaces, and what each role is offered. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { type Role } from "@/lib/backend.ts";
import { alice, installation, NOW } from "./support/cast.ts";
import { type FakeConvex } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const you = {
  memberId: "m1",
  userId: "u1",
  name: "Alice",
  email: "alice@example.com",
  role: "owner",
  joinedAt: NOW - 1_000,
  isYou: true,
};
const bob = { ...you, memberId: "m2", userId: "u2", name: "Bob", role: "member", isYou: false };

function backendWithBob(role: Role = "owner"): FakeConvex {
  const backend = backendOfAlice();
  backend.answer("users:me", { ...alice, workspace: { ...alice.workspace, role } });
  backend.answer("members:list", [{ ...you, role }, bob]);
  backend.answer("invites:list", []);
  return backend;
}

test("S4.1 an admin changes a role; a viewer is offered nothing to change", async () => {
  const backend = backendWithBob();
  backend.handle("members:setRole", () => ({ keysLeft: 2 }));
  const { user, unmount } = openApp("/people", backend);
  await user.selectOptions(await screen.findByRole("combobox", { name: "Role of Bob" }), "viewer");
  expect(backend.calls).toContainEqual({
    name: "members:setRole",
    args: { memberId: "m2", role: "viewer" },
  });
  expect(screen.queryByRole("combobox", { name: "Role of Alice" })).toBeNull();
  await screen.findByText(/2 keys that they made stay valid/);
  unmount();

  openApp("/people", backendWithBob("viewer"));
  await screen.findByRole("table", { name: "Members" });
  expect(screen.queryByRole("combobox")).toBeNull();
  expect(screen.queryByRole("button", { name: "Invite somebody" })).toBeNull();
});

const keyOf = (name: string, createdBy: object) => ({
  ...{ apiKeyId: name, name, hint: "wxyz", access: "read", createdBy },
  ...{ createdAt: NOW, expiresAt: null, lastUsedAt: null },
});

test("who removes somebody is told which of their keys stay valid", async () => {
  const backend = backendWithBob();
  const { userId, name } = bob;
  const byBob = { userId, name, role: "admin" };
  backend.answer("apiKeys:list", [
    keyOf("Grafana", byBob),
    { ...keyOf("over", byBob), expiresAt: NOW - 1 },
    keyOf("CI", { userId: "u1", name: "Alice", role: "owner" }),
  ]);
  backend.answer("enrolment:listKeys", [{ ...keyOf("images", byBob), expiresAt: NOW + 1_000_000 }]);
  backend.handle("members:remove", () => ({ keysLeft: 2 }));
  const { user } = openApp("/people", backend);
  await user.click(await screen.findByRole("button", { name: "Actions for Bob" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText(/^2 keys that they made stay valid.*: Grafana, images\./);
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(backend.calls).toContainEqual({ name: "members:remove", args: { memberId: "m2" } });
});

test("the list of keys says whose maker has left, and whose is no admin any more", async () => {
  const backend = backendOfAlice();
  backend.answer("apiKeys:list", [
    keyOf("Grafana", { userId: "u2", name: "Bob", role: null }),
    keyOf("CI", { userId: "u3", name: "Carol", role: "viewer" }),
    keyOf("mine", { userId: "u1", name: "Alice", role: "owner" }),
    keyOf("old", { userId: "u4", name: "", role: null }),
  ]);
  openApp("/api-keys", backend);
  const table = await screen.findByRole("table", { name: "Keys" });
  const names = within(table)
    .getAllByRole("row")
    .slice(1)
    .map((row) => textOf(row.querySelector("td")));
  expect(names).toEqual([
    "Grafanarck_…wxyzby Bobhas left",
    "CIrck_…wxyzby Carolno admin any more",
    "minerck_…wxyzby Alice",
    "oldrck_…wxyzby somebody whose account is gonehas left",
  ]);
});

test("an invite's link is shown once and holds the token that was sent", async () => {
  const backend = backendWithBob();
  backend.handle("invites:create", () => ({ inviteId: "i1" }));
  const { user } = openApp("/people", backend);
  await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
  await user.click(await screen.findByRole("button", { name: "Make the link" }));
  const link = textOf(await screen.findByLabelText("Invite link"));
  const { token, role } = backend.calls.at(-1)?.args as { token: string; role: string };
  expect(link).toBe(`${location.origin}/invite/${token}`);
  expect(role).toBe("member");
  await user.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByText(link)).toBeNull());
});

test("an invite that does not work says so; one that does lets somebody signed in join", async () => {
  const backend = backendOfAlice();
  backend.answer("invites:peek", null);
  backend.handle("invites:accept", () => ({ workspaceId: "w2" }));
  const { user, router } = openApp("/invite/abc", backend);
  await screen.findByRole("heading", { name: "This invite does not work" });
  act(() =>
    backend.answer("invites:peek", {
      workspaceName: "Ops",
      role: "viewer",
      invitedBy: "Bob",
      expiresAt: NOW + 60_000,
      isAccepted: false,
    }),
  );
  await user.click(await screen.findByRole("button", { name: "Join Ops" }));
  expect(backend.calls).toContainEqual({ name: "invites:accept", args: { token: "abc" } });
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
});

test("the account menu leads from workspace to workspace", async () => {
  const backend = backendOfAlice();
  backend.answer("workspaces:list", [
    { ...alice.workspace, isCurrent: true },
    { workspaceId: "w2", name: "Ops", role: "viewer", isCurrent: false },
  ]);
  backend.handle("workspaces:select", () => null);
  const { user } = openApp("/settings", backend);
  await screen.findByRole("heading", { name: "Settings", level: 1 });
  await user.click(screen.getAllByRole("button", { name: "Account menu" })[0]!);
  await user.click(await screen.findByRole("menuitemradio", { name: "Ops" }));
  expect(backend.calls).toContainEqual({
    name: "workspaces:select",
    args: { workspaceId: "w2" },
  });
});

test("a workspace is deleted only after its name was written", async () => {
  const backend = backendOfAlice();
  backend.handle("workspaces:remove", () => null);
  const { user } = openApp("/settings/workspace", backend);
  await user.click(await screen.findByRole("button", { name: "Delete workspace" }));
  const dialog = within(await screen.findByRole("dialog"));
  const confirm = dialog.getByRole("button", { name: "Delete workspace" });
  expect(confirm).toHaveProperty("disabled", true);
  await user.type(dialog.getByRole("textbox"), alice.workspace.name);
  await user.click(confirm);
  expect(backend.calls).toContainEqual({
    name: "workspaces:remove",
    args: { workspaceId: alice.workspace.workspaceId, confirmName: alice.workspace.name },
  });
});

test("S4.2 an API key is shown once, with a line to try it, and only its name is listed", async () => {
  const backend = backendOfAlice();
  backend.answer("apiKeys:list", []);
  backend.handle("apiKeys:create", () => ({ apiKeyId: "k1" }));
  const { user } = openApp("/api-keys", backend);
  await user.click(await screen.findByRole("button", { name: "Create key" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByRole("textbox", { name: "Name" }), "Grafana");
  await user.click(dialog.getByRole("button", { name: "Create key" }));
  const key = textOf(await screen.findByLabelText("API key"));
  expect(key).toMatch(/^rck_[\w-]{32,}$/);
  expect(backend.calls.at(-1)?.args).toMatchObject({ key, name: "Grafana", access: "read" });
  expect(textOf(screen.getByLabelText("curl command"))).toContain(installation.siteUrl);
});

test("a wrong current password is said beside its field", async () => {
  const backend = backendOfAlice();
  backend.handle("accounts:changePassword", () => {
    throw new ConvexError({ kind: "badCredentials", message: "wrong" });
  });
  const { user } = openApp("/settings", backend);
  await user.type(await screen.findByLabelText("Current password"), "guess");
  await user.type(screen.getByLabelText("New password"), "a new long password");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  await screen.findByText("This is not the current password.");
});

test("S4.8 the log has words for what has no name, no number and no id that people know", async () => {
  const backend = backendOfAlice();
  backend.answer("members:list", []);
  backend.answer("apiKeys:list", []);
  const event = { at: NOW, actorKind: "person", actorId: "u1", actorName: "Bob", subjectName: "" };
  const entries = [
    {
      action: "accounts.signUp",
      subjectKind: "members",
      subjectName: "Bob",
      changes: [{ field: "userId", from: null, to: "k97d" }],
    },
    {
      action: "invites.create",
      subjectKind: "invites",
      changes: [
        { field: "role", from: null, to: "viewer" },
        { field: "createdBy", from: null, to: "k97d" },
        { field: "expiresAt", from: null, to: String(NOW) },
      ],
    },
    { action: "cleanUps.enable", subjectKind: "cleanUps", changes: [] },
    {
      action: "maintenance.update",
      subjectKind: "maintenanceWindows",
      subjectName: "7",
      changes: [
        { field: "name", from: "6", to: "7" },
        {
          field: "schedule",
          from: null,
          to: JSON.stringify({
            kind: "weekly",
            days: [1, 3],
            startMinute: 120,
            durationMs: 60_000,
          }),
        },
      ],
    },
    {
      action: "statusPages.update",
      subjectKind: "statusPages",
      subjectName: "Example",
      changes: [{ field: "isPublished", from: "false", to: "true" }],
    },
  ].map((entry, index) => ({ ...event, eventId: `e${index}`, subjectId: "k1", ...entry }));
  backend.answer("audit:list", { page: entries, isDone: true, continueCursor: "" });
  openApp("/audit", backend);
  const list = within(await screen.findByRole("list", { name: "Changes" }));
  const texts = list.getAllByRole("listitem").map(textOf);
  const all = texts.join("\n");
  expect(all).toContain("Bob joined the workspace as Bob");
  expect(all).toContain("Bob added the invite for whoever has the link");
  expect(all).toContain("Bob turned on the clean-up");
  expect(all).toContain("name67");
  expect(all).toContain("kind every week, on Mon, Wed, at 02:00, for 1m");
  expect(all).toContain("publishednoyes");
  expect(all).not.toContain("k97d");
});

test("what new machines start with is set by an admin; nothing leaves it to the installation", async () => {
  const backend = backendOfAlice();
  backend.answer("workspaces:defaults", { heartbeatIntervalMs: 30_000, offlineThresholdMs: null });
  backend.handle("workspaces:setDefaults", () => null);
  const { user } = openApp("/settings/machines", backend);
  const every = await screen.findByRole("textbox", { name: /^Heartbeat every/ });
  expect(every).toHaveProperty("value", "30s");
  const after = screen.getByRole("textbox", { name: /^Offline after/ });
  await user.type(after, "soon");
  const save = within(screen.getByRole("region", { name: "New machines" })).getByRole("button");
  expect(save).toHaveProperty("disabled", true);
  await user.clear(after);
  await user.type(after, "5m");
  await user.clear(every);
  await user.click(save);
  expect(backend.calls).toEqual([
    {
      name: "workspaces:setDefaults",
      args: { heartbeatIntervalMs: null, offlineThresholdMs: 300_000 },
    },
  ]);
});

test("sessions are named by their browsers, which every page tells of itself", async () => {
  const backend = backendOfAlice();
  const session = { createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW, isCurrent: false };
  backend.answer("sessions:list", [
    {
      ...session,
      sessionId: "s1",
      isCurrent: true,
      device: { browser: "Firefox", system: "macOS" },
    },
    { ...session, sessionId: "s2", device: { browser: "", system: "Linux" } },
    { ...session, sessionId: "s3", device: null },
  ]);
  backend.handle("sessions:describe", () => null);
  openApp("/settings", backend);
  const list = await screen.findByRole("list", { name: "Where you are signed in" });
  const [first, second, third] = within(list).getAllByRole("listitem").map(textOf);
  expect(first).toMatch(/^Firefox on macOSthis one/);
  expect(second).toMatch(/^Linux/);
  expect(third).toMatch(/^An unknown browser/);
  expect(backend.calls.map(({ name }) => name)).toEqual(["sessions:describe"]);
});

test("S4.8 the log tells who changed what, from what to what", async () => {
  const backend = backendOfAlice();
  backend.answer("members:list", [you]);
  backend.answer("apiKeys:list", []);
  backend.answer("audit:list", {
    page: [
      {
        eventId: "e1",
        at: NOW - 5_000,
        actorKind: "person",
        actorId: "u1",
        actorName: "Alice",
        action: "machines.update",
        subjectKind: "machines",
        subjectId: "web-1-id",
        subjectName: "web-1",
        changes: [{ field: "offlineThresholdMs", from: "120000", to: "90000" }],
      },
    ],
    isDone: true,
    continueCursor: "",
  });
  const { user, router } = openApp("/audit", backend);
  const entry = within(await screen.findByRole("list", { name: "Changes" })).getAllByRole(
    "listitem",
  )[0];
  expect(textOf(entry)).toContain("Alice changed the machine web-1");
  expect(textOf(entry)).toContain("offline threshold2m1m 30s");
  await user.click(screen.getByRole("button", { name: "web-1" }));
  expect(router.state.location.search).toBe("?subjectId=web-1-id");
});
