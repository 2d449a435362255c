import { act, renderHook, screen, waitFor, within } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { ConvexError } from "convex/values";
import { type ReactNode } from "react";
import { expect, test } from "vitest";
import { useCreateMachine } from "@/features/enrolment/useCreateMachine.ts";
import { useMachines } from "@/features/fleet/useMachines.ts";
import { alice, details, machine, NOW, states } from "./support/cast.ts";
import { FakeConvex } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

const nothingSeen = {
  requestSeenAt: null,
  tokenAcceptedAt: null,
  clockSkewMs: null,
  hasMetrics: false,
  refusal: null,
  clash: null,
};
const accepted = { ...nothingSeen, requestSeenAt: NOW, tokenAcceptedAt: NOW };

/** A backend that takes machines and answers as the real one does. */
function enrollingBackend() {
  const backend = backendOfAlice();
  backend.handle("machines:create", (args) => ({
    machineId: args["machineId"],
    token: `${String(args["machineId"])}:${String(args["secret"])}`,
  }));
  backend.answer("machines:get", () => details(machine("web-1", states.waiting)));
  backend.answer("machines:checklist", nothingSeen);
  return backend;
}

async function openTokenStep(backend: FakeConvex) {
  const app = openApp("/", backend);
  await app.user.click(await screen.findByRole("button", { name: "Add machine" }));
  await app.user.type(await screen.findByLabelText("Name"), " web-1 ");
  await app.user.click(screen.getByRole("button", { name: "Create token" }));
  const dialog = await screen.findByRole("dialog", { name: "Connect web-1" });
  return { ...app, dialog, token: textOf(within(dialog).getByLabelText("Machine token")) };
}

test("S3.1 the dialog sends the name with an id and a secret made in the browser", async () => {
  const backend = enrollingBackend();
  await openTokenStep(backend);
  const [call] = backend.calls;
  expect(call?.name).toBe("machines:create");
  expect(call?.args["name"]).toBe("web-1");
  expect(call?.args["machineId"]).toMatch(/^[A-Za-z0-9_-]{21}$/);
  expect(call?.args["secret"]).toMatch(/^[A-Za-z0-9_-]{40}$/);
});

test("S3.1 the token is shown with a command for each way to connect, which carries it", async () => {
  const backend = enrollingBackend();
  const { token, dialog, user } = await openTokenStep(backend);
  const { machineId, secret } = backend.calls[0]?.args ?? {};
  expect(token).toBe(`${String(machineId)}:${String(secret)}`);
  expect(textOf(await within(dialog).findByLabelText("Linux command"))).toBe(
    `curl -fsSL http://localhost:3000/install.sh | sudo sh -s -- --from http://localhost:3000 --url http://localhost:3211 --token ${token}`,
  );
  await user.click(within(dialog).getByRole("radio", { name: "curl" }));
  expect(textOf(within(dialog).getByLabelText("curl command"))).toBe(
    `curl -fsS -X POST http://localhost:3211/agent/v1/heartbeat -H "Authorization: Bearer ${token}"`,
  );
  for (const way of ["Docker", "cron", "systemd", "Node library"]) {
    await user.click(within(dialog).getByRole("radio", { name: way }));
    expect(textOf(within(dialog).getByLabelText(`${way} command`))).toContain(token);
  }
});

test("S3.1 the empty fleet welcomes with one line of curl, which turns green by itself", async () => {
  const backend = enrollingBackend();
  const { user } = openApp("/", backend);
  const name = await screen.findByLabelText("What is the machine called?");
  await user.clear(name);
  await user.type(name, "web-1");
  await user.click(screen.getByRole("button", { name: "Show the line to paste" }));
  const { machineId, secret } = await waitFor(() => backend.calls[0]?.args ?? {});
  expect(textOf(await screen.findByLabelText("curl command"))).toContain(
    `Bearer ${String(machineId)}:${String(secret)}`,
  );
  // The machine is in the fleet now, but its line must not go from the screen.
  backend.answer("machines:list", [machine("web-1", states.waiting)]);
  expect(screen.getByLabelText("curl command")).toBeTruthy();
  backend.answer("machines:checklist", accepted);
  expect(await screen.findByText("Token accepted, first heartbeat received")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Go to the fleet" }));
  expect(await screen.findByRole("row", { name: /Waiting web-1/ })).toBeTruthy();
});

test("who may only look is shown no way to add machines", async () => {
  const backend = enrollingBackend();
  backend.answer("users:me", { ...alice, workspace: { ...alice.workspace, role: "viewer" } });
  openApp("/", backend);
  expect(await screen.findByText("Nobody has answered the roll yet")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Add machine|Show the line/ })).toBeNull();
});

test("S3.1 the token can be copied", async () => {
  const { token, dialog, user } = await openTokenStep(enrollingBackend());
  await user.click(within(dialog).getByRole("button", { name: "Copy token" }));
  expect(await within(dialog).findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(await navigator.clipboard.readText()).toBe(token);
});

test("the checklist ticks when the first heartbeat arrives, and names a clock that is off", async () => {
  const backend = enrollingBackend();
  const { dialog } = await openTokenStep(backend);
  const checklist = within(dialog).getByRole("region", { name: "Connection" });
  expect(textOf(checklist)).toContain("Waiting for the first request");

  act(() =>
    backend.answer("machines:checklist", { ...accepted, clockSkewMs: -64_000, hasMetrics: true }),
  );
  await within(dialog).findByText("Token accepted, first heartbeat received");
  expect(textOf(checklist)).toContain("Request seen");
  expect(textOf(checklist)).toContain("Clock is off by 1m 4s");
  expect(textOf(checklist)).toContain("Metrics received");
  expect(textOf(within(checklist).getByRole("status"))).toBe("The machine is online.");
  act(() => backend.answer("machines:checklist", { ...accepted, clockSkewMs: 4_900 }));
  await within(dialog).findByText("Clock within five seconds");
});

test("the checklist names a wrong secret for fifteen minutes, until a right one comes", async () => {
  const backend = enrollingBackend();
  const { dialog } = await openTokenStep(backend);
  const refusal = { at: NOW, kind: "wrongSecret", message: "The secret is wrong." };
  act(() => backend.answer("machines:checklist", { ...nothingSeen, requestSeenAt: NOW, refusal }));
  await within(dialog).findByText("Wrong secret");
  expect(within(dialog).getByLabelText("Failed:")).toBeTruthy();
  tick(15 * 60_000);
  expect(within(dialog).queryByText("Wrong secret")).toBeNull();

  act(() =>
    backend.answer("machines:checklist", { ...accepted, refusal: { ...refusal, at: NOW - 1 } }),
  );
  await within(dialog).findByText("Token accepted, first heartbeat received");
  expect(within(dialog).queryByText("Wrong secret")).toBeNull();
});

test("the checklist names what was wrong with a body, and a token that two boots use", async () => {
  const backend = enrollingBackend();
  const { dialog } = await openTokenStep(backend);
  const message = "metrics.cpuUsage: Too big: expected number to be <=100";
  const boot = (bootId: string) => ({ bootId, lastSeenAt: NOW });
  act(() =>
    backend.answer("machines:checklist", {
      ...nothingSeen,
      refusal: { at: NOW, kind: "badBody", message },
      clash: {
        detectedAt: NOW,
        boots: [{ ...boot("a"), hostname: "web-1", ipAddress: "10.0.0.7" }, boot("b")],
      },
    }),
  );
  await within(dialog).findByText("What it sent was refused");
  within(dialog).getByText(message);
  within(dialog).getByText(/^web-1 \(10\.0\.0\.7\) and an unknown machine\./);
});

test("closing before the first heartbeat loses nothing: the waiting machine shows its token again", async () => {
  const backend = enrollingBackend();
  const { user, token, router } = await openTokenStep(backend);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const machineId = token.split(":")[0] ?? "";
  await act(() => router.navigate(`/?connect=${machineId}`));
  const dialog = await screen.findByRole("dialog", { name: "Connect web-1" });
  expect(textOf(within(dialog).getByLabelText("Machine token"))).toBe(token);
  await user.click(within(dialog).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(router.state.location.search).toBe(""));
});

test("a waiting machine whose token is gone gets a new one, and the old one ends at once", async () => {
  const backend = enrollingBackend();
  backend.handle("secrets:rotate", () => ({ previousExpiresAt: null }));
  backend.answer("machines:list", [machine("db-1", states.waiting)]);
  backend.answer("machines:counts", { active: 0, total: 1 });
  backend.answer("machines:get", () => details(machine("db-1", states.waiting)));
  const { machineId } = machine("db-1");
  const { user } = openApp(`/?machine=${machineId}`, backend);
  await user.click(await screen.findByRole("link", { name: "Connect it" }));
  const dialog = await screen.findByRole("dialog", { name: "Connect db-1" });
  within(dialog).getByText(/cannot be shown again/);
  await user.click(within(dialog).getByRole("button", { name: "Make a new token" }));
  const token = textOf(await within(dialog).findByLabelText("Machine token"));
  const [call] = backend.calls;
  expect(call).toMatchObject({ name: "secrets:rotate", args: { machineId, overlapMs: 0 } });
  expect(token).toBe(`${machineId}:${String(call?.args["secret"])}`);
});

test("an enrolment key is made in the browser, shown once with its command, and can be revoked", async () => {
  const backend = enrollingBackend();
  backend.answer("enrolment:listKeys", []);
  backend.handle("enrolment:createKey", () => ({ enrolmentKeyId: "k1" }));
  backend.handle("enrolment:revokeKey", () => null);
  const { user } = openApp("/", backend);
  await user.click(await screen.findByRole("button", { name: "Add machine" }));
  await user.click(await screen.findByRole("button", { name: "Use an enrolment key" }));
  const dialog = await screen.findByRole("dialog", { name: "Enrolment keys" });
  await within(dialog).findByText("There is no enrolment key yet.");
  await user.click(within(dialog).getByRole("button", { name: "Create key" }));
  within(dialog).getByText(/Give the key a name/);
  await user.type(within(dialog).getByLabelText("Name of the key"), "autoscaling");
  await user.click(within(dialog).getByRole("button", { name: "Create key" }));
  const key = textOf(await within(dialog).findByRole("status", { name: "Enrolment key" }));
  expect(backend.calls[0]).toMatchObject({
    name: "enrolment:createKey",
    args: { key, name: "autoscaling", maxMachines: 100, lifetimeMs: 30 * 86_400_000 },
  });
  expect(key).toMatch(/^rce_[A-Za-z0-9_-]{40}$/);
  expect(textOf(within(dialog).getByLabelText("Enrolment command"))).toContain(
    `--enrolment-key ${key}`,
  );
  act(() =>
    backend.answer("enrolment:listKeys", [
      {
        enrolmentKeyId: "k1",
        name: "autoscaling",
        hint: key.slice(-4),
        tags: [],
        createdAt: NOW,
        createdBy: { userId: "u1", name: "Alice", role: "owner" },
        expiresAt: NOW + 1_000,
        maxMachines: 100,
        machines: 7,
        lastUsedAt: null,
      },
    ]),
  );
  await within(dialog).findByText(/7 of 100 machines/);
  await user.click(within(dialog).getByRole("button", { name: "Revoke autoscaling" }));
  expect(backend.calls.at(-1)).toMatchObject({
    name: "enrolment:revokeKey",
    args: { enrolmentKeyId: "k1" },
  });
});

test("opening the dialog goes to the name, closing it goes back to where one was", async () => {
  const { user } = openApp("/", enrollingBackend());
  const add = await screen.findByRole("button", { name: "Add machine" });
  await user.click(add);
  const name = await screen.findByLabelText("Name");
  expect(document.activeElement === name).toBe(true);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement === add).toBe(true));
});

test("a name is asked for before anything is sent", async () => {
  const backend = enrollingBackend();
  const { user } = openApp("/", backend);
  await user.click(await screen.findByRole("button", { name: "Add machine" }));
  await user.click(await screen.findByRole("button", { name: "Create token" }));
  const name = screen.getByLabelText("Name");
  expect(name.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(/Give the machine a name/)).toBeTruthy();
  expect(backend.calls).toEqual([]);
});

test("what the server has against a field stands beside that field", async () => {
  const backend = enrollingBackend();
  backend.handle("machines:create", () => {
    const message = "name must be 1 to 100 characters long.";
    throw new ConvexError({ kind: "invalid", field: "name", message });
  });
  const { user } = openApp("/", backend);
  await user.click(await screen.findByRole("button", { name: "Add machine" }));
  await user.type(await screen.findByLabelText("Name"), "x".repeat(20));
  await user.click(screen.getByRole("button", { name: "Create token" }));
  await screen.findByText("name must be 1 to 100 characters long.");
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
  expect(screen.queryByRole("dialog", { name: /Connect/ })).toBeNull();
});

test("S3.1 a duplicate id is an error that the dialog shows", async () => {
  const backend = enrollingBackend();
  backend.handle("machines:create", () => {
    const message = "There is a machine with this id already.";
    throw new ConvexError({ kind: "duplicateMachineId", message });
  });
  const { user } = openApp("/", backend);
  await user.click(await screen.findByRole("button", { name: "Add machine" }));
  await user.type(await screen.findByLabelText("Name"), "web-1");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect(textOf(await screen.findByRole("alert"))).toContain(
    "There is a machine with this id already.",
  );
});

function inBackend(backend: FakeConvex) {
  return {
    wrapper: ({ children }: { children: ReactNode }) => (
      <ConvexProvider client={backend.asClient()}>{children}</ConvexProvider>
    ),
  };
}

test("S3.3 useMachines goes from loading to machines, and to an error instead of throwing", async () => {
  const backend = new FakeConvex();
  const { result } = renderHook(() => useMachines(), inBackend(backend));
  expect(result.current).toEqual({ machines: [], loading: true, error: null, total: 0 });

  act(() => {
    backend.answer("machines:counts", { active: 1, total: 1 });
    backend.answer("machines:list", [machine("web-1")]);
  });
  await waitFor(() => expect(result.current.loading).toBe(false));
  expect(result.current).toEqual({
    machines: [machine("web-1")],
    loading: false,
    error: null,
    total: 1,
  });

  act(() =>
    backend.answer("machines:list", () => {
      throw new ConvexError({ kind: "notSignedIn", message: "Sign in first." });
    }),
  );
  await waitFor(() => expect(result.current.error).toBeInstanceOf(ConvexError));
  expect(result.current).toMatchObject({ machines: [], loading: false });
});

test("S3.3 useCreateMachine says that it creates, and holds the error of a refusal", async () => {
  const backend = new FakeConvex();
  let answer: (value: unknown) => void = () => {};
  backend.handle("machines:create", () => new Promise((resolve) => (answer = resolve)));
  const { result } = renderHook(() => useCreateMachine(), inBackend(backend));
  expect(result.current).toMatchObject({ isCreating: false, error: null });

  let created: Promise<unknown> = Promise.resolve();
  act(() => void (created = result.current.createMachine({ name: "web-1" })));
  await waitFor(() => expect(result.current.isCreating).toBe(true));
  await act(async () => {
    answer({ machineId: "id", token: "id:secret" });
    await created;
  });
  expect(await created).toEqual({ machineId: "id", token: "id:secret" });
  expect(result.current.isCreating).toBe(false);

  backend.handle("machines:create", () => {
    throw new ConvexError({ kind: "notSignedIn", message: "Sign in first." });
  });
  await act(() => expect(result.current.createMachine({ name: "web-1" })).rejects.toThrow());
  expect(result.current).toMatchObject({
    isCreating: false,
    error: expect.any(ConvexError) as Error,
  });
});
