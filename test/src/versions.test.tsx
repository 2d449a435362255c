/** How versions spread over the fleet: the picture's numbers, and each version as a filter. */
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { versionInQuery, withVersion } from "@/features/fleet/fleetView.ts";
import { spreadOf } from "@/features/fleet/versions/spread.ts";
import { machine, states } from "./support/cast.ts";
import { backendOfAlice, openApp } from "./support/renderApp.tsx";

const fleet = [
  machine("web-1", { version: "2.0.0" }),
  machine("web-2", { version: "2.0.0" }),
  machine("db-1", { version: "1.9.0" }),
  machine("new-1", states.waiting),
];

test("newer versions come first, with what each gained; deleted machines count for nothing now", () => {
  const entries = fleet.map((row) => ({ machine: row, state: "online" as const }));
  const changes = [
    { at: 50, from: "1.9.0", to: "2.0.0", machines: 2 },
    { at: 60, from: null, to: "1.0.0", machines: 1 },
  ];
  const { bands, most, silent } = spreadOf(entries, changes, { from: 0, to: 100 });
  expect(bands.map(({ version, now, gained }) => [version, now, gained])).toEqual([
    ["2.0.0", 2, 2],
    ["1.9.0", 1, -2],
  ]);
  expect([most, silent]).toEqual([3, 1]);
  expect(bands[0]?.machines).toHaveLength(57);
});

test("of many versions the oldest share one band", () => {
  const entries = Array.from({ length: 9 }, (_, index) => ({
    machine: machine(`web-${index}`, { version: `1.${index}.0` }),
    state: "online" as const,
  }));
  const { bands } = spreadOf(entries, [], { from: 0, to: 100 });
  expect(bands.map(({ version }) => version)).toEqual([
    ...["1.8.0", "1.7.0", "1.6.0", "1.5.0", "1.4.0"],
    null,
  ]);
  expect(bands.at(-1)?.now).toBe(4);
});

test("a version takes the place of what the query says of versions, and leaves the rest", () => {
  expect(withVersion("tag:prod version<1.4 web", "2.0.0")).toBe("tag:prod web version=2.0.0");
  expect(withVersion('version="a b" web', null)).toBe("web");
  expect(withVersion("", 'nightly "2" b')).toBe('version="nightly 2 b"');
  expect(versionInQuery('web version="Nightly 2"')).toBe("nightly 2");
  expect(versionInQuery("version<2")).toBeNull();
});

test("the versions are opened above the list, and a click on one filters it", async () => {
  const backend = backendOfAlice();
  backend.answer("machines:list", fleet);
  backend.answer("machines:counts", { active: 4, total: 4 });
  backend.answer("uptime:bars", []);
  backend.answer("versions:changes", { changes: [], isTruncated: false });
  const { user, router } = openApp("/", backend);
  await user.click(await screen.findByRole("button", { name: "Versions and their roll-out" }));
  const card = within(await screen.findByRole("region", { name: "Versions" }));
  expect(await card.findByRole("img", { name: "Versions now: 2.0.0 2, 1.9.0 1" })).toBeTruthy();
  expect(card.getByText("1 never said")).toBeTruthy();
  await user.click(card.getByRole("button", { name: /^2\.0\.0/ }));
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("version=2.0.0");
  expect(screen.getAllByRole("row")).toHaveLength(1 + 2);
  await user.click(card.getByRole("button", { name: /^2\.0\.0/ }));
  expect(router.state.location.search).toBe("");
  await user.click(card.getByRole("button", { name: "Close the versions" }));
  expect(screen.queryByRole("region", { name: "Versions" })).toBeNull();
});
