/** The wall's tiles fill the screen, and changes are on screen before the backend answers. */
import { type OptimisticLocalStore } from "convex/browser";
import { getFunctionName } from "convex/server";
import { expect, test } from "vitest";
import { tileWidthPx } from "@/features/fleet/useTileWidth.ts";
import { changeMachines } from "@/lib/optimistic.ts";
import { details, idOf, machine, NOW } from "./support/cast.ts";

test("few machines have large tiles, many have the smallest that can be read, none is wider than the screen", () => {
  const screen = { widthPx: 1920, heightPx: 1080 };
  expect(tileWidthPx(6, screen)).toBe(480);
  expect(tileWidthPx(60, screen)).toBeGreaterThan(200);
  expect(tileWidthPx(60, screen)).toBeLessThan(300);
  expect(tileWidthPx(600, screen)).toBe(160);
  expect(tileWidthPx(1, { widthPx: 390, heightPx: 844 })).toBe(342);
});

test("a change is shown in the lists and on the machine's page, and on no other", () => {
  const shown = [
    { name: "machines:list", args: {}, value: [machine("web-1"), machine("web-2")] },
    { name: "machines:slice", args: { slice: 0, of: 2 }, value: undefined },
    { name: "machines:get", args: { machineId: idOf("web-1") }, value: details(machine("web-1")) },
    { name: "machines:get", args: { machineId: idOf("gone") }, value: null },
  ];
  const written: { name: string; value: unknown }[] = [];
  const store = {
    getAllQueries: (query: Parameters<typeof getFunctionName>[0]) =>
      shown.filter(({ name }) => name === getFunctionName(query)),
    setQuery: (query: Parameters<typeof getFunctionName>[0], _args: unknown, value: unknown) =>
      void written.push({ name: getFunctionName(query), value }),
  } as unknown as OptimisticLocalStore;
  changeMachines(store, [idOf("web-1")], () => ({ pausedAt: NOW }));
  expect(written).toEqual([
    { name: "machines:list", value: [machine("web-1", { pausedAt: NOW }), machine("web-2")] },
    { name: "machines:get", value: { ...details(machine("web-1")), pausedAt: NOW } },
  ]);
});
