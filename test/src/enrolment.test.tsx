import { act, renderHook, screen, waitFor, within } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { ConvexError } from "convex/values";
import { type ReactNode } from "react";
import { expect, test } from "vitest";
import { useCreateMachine } from "@/features/enrolment/useCreateMachine.ts";
import { useMachines } from "@/features/fleet/useMachines.ts";
import { details, machine, NOW, pulse, states } from "./support/cast.ts";
import { FakeConvex } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

/** A backend that takes machines and answers as the real one does. */
function enrollingBackend() {
  const backend = backendOfAlice();
  backend.handle("machines:create", (args) => ({
    machineId: args["machineId"],
    token: `${String(args["machineId"])}:${String(args["secret"])}`,
  }));
  backend.answer("machines:get", () => details(machine("web-1", states.waiting)));
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

test("S3.1 the token is shown with a curl line and the agent's command that carry it", async () => {
  const backend = enrollingBackend();
  const { token, dialog, user } = await openTokenStep(backend);
  const { machineId, secret } = backend.calls[0]?.args ?? {};
  expect(token).toBe(`${String(machineId)}:${String(secret)}`);
  expect(textOf(await within(dialog).findByLabelText("curl command"))).toBe(
    `curl -fsS -X POST http://localhost:3211/agent/v1/heartbeat -H "Authorization: Bearer ${token}"`,
  );
  await user.click(within(dialog).getByRole("radio", { name: "Agent" }));
  expect(textOf(within(dialog).getByLabelText("agent command"))).toBe(
    `npm run agent -- --url http://localhost:3211 --token ${token}`,
  );
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
  expect(textOf(checklist)).toContain("Waiting for the first heartbeat");

  const beating = machine("web-1", { lastSeen: NOW });
  act(() =>
    backend.answer(
      "machines:get",
      details(beating, { pulse: pulse("web-1", { clockSkewMs: -64_000 }) }),
    ),
  );
  expect(textOf(await within(dialog).findByText(/first heartbeat received/))).toContain(
    "Token accepted",
  );
  expect(textOf(checklist)).toContain("Clock is off by 1m 4s");
  expect(textOf(checklist)).toContain("Metrics received");
  expect(textOf(within(checklist).getByRole("status"))).toBe("The machine is online.");
});

test("closing before the token was copied asks first, since it is never shown again", async () => {
  const { dialog, user } = await openTokenStep(enrollingBackend());
  await user.keyboard("{Escape}");
  expect(within(dialog).getByText(/You have not copied the token/)).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Go back" }));
  await user.click(within(dialog).getByRole("button", { name: "Copy token" }));
  await within(dialog).findByRole("button", { name: "Copied" });
  await user.click(within(dialog).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
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
