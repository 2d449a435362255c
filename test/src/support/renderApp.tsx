/** Opens the whole app at an address, on a backend that the test answers for. */
import { act, render } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";
import { Providers } from "@/app/providers.tsx";
import { routes } from "@/app/router.tsx";
import { alice, aliceAccount, installation, NOW } from "./cast.ts";
import { FakeConvex } from "./fakeConvex.ts";

const monitorStatus = {
  lastSweepAt: NOW - 2_000,
  checkIntervalMs: 10_000,
  lastReconciledAt: null,
  selfHeartbeat: null,
};

/** A backend where Alice has an account and nothing else. */
export function backendOfAlice(): FakeConvex {
  const backend = new FakeConvex();
  backend.answer("installation:status", installation);
  backend.answer("monitor:status", monitorStatus);
  backend.answer("users:me", alice);
  backend.answer("accounts:removal", null);
  backend.answer("accounts:get", aliceAccount);
  backend.answer("sessions:list", []);
  backend.answer("workspaces:list", [{ ...alice.workspace, isCurrent: true }]);
  backend.answer("workspaces:removals", []);
  backend.answer("machines:list", []);
  backend.answer("machines:counts", { active: 0, total: 0 });
  backend.answer("pulses:list", []);
  return backend;
}

/** Renders the app, signed in unless told otherwise. The time is NOW and moves by `tick` only. */
export function openApp(
  path: string,
  backend: FakeConvex,
  { isSignedIn = true }: { isSignedIn?: boolean } = {},
) {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setInterval", "clearInterval"] });
  if (isSignedIn) FakeConvex.storeSession();
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const view = render(
    <Providers client={backend.asClient()}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...view, router, user: userEvent.setup() };
}

/** Lets the time of the page pass. */
export function tick(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
}
