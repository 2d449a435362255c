/** The wall's tiles fill the screen, and changes are on screen before the backend answers. */
import { type OptimisticLocalStore } from "convex/browser";
import { getFunctionName } from "convex/server";
import { expect, test } from "vitest";
import { TEXTS_PER_TILE, tileGrid } from "@/features/fleet/useTileGrid.ts";
import { changeMachines } from "@/lib/optimistic.ts";
import { details, idOf, machine, NOW } from "./support/cast.ts";

test("few machines have large tiles, more have smaller ones that still fit, and none is too small to read", () => {
  const screen = { widthPx: 1920, heightPx: 1080 };
  expect(tileGrid({ tiles: 6, wide: 0 }, screen)).toMatchObject({ columns: 4, tilePx: 462 });
  const sixty = tileGrid({ tiles: 60, wide: 0 }, screen);
  expect(sixty.tilePx).toBeGreaterThan(200);
  const textsPx = (sixty.tilePx / TEXTS_PER_TILE) * 4.1;
  expect(sixty.rowPx).toBeGreaterThanOrEqual(textsPx);
  // Two of three wide tiles share a row of five columns, and leave a cell free before the third.
  const narrow = { widthPx: 860, heightPx: 424 };
  expect(tileGrid({ tiles: 12, wide: 3 }, narrow)).toMatchObject({ columns: 5, rowPx: 60 });
  // They fill the screen, and no tile is below it.
  const filledPx = Math.ceil(60 / sixty.columns) * (sixty.rowPx + 8);
  expect(filledPx).toBeLessThanOrEqual(1080 - 160 + 8);
  expect(filledPx).toBeGreaterThan(1080 - 160 - 40);
  expect(tileGrid({ tiles: 600, wide: 0 }, screen).tilePx).toBeGreaterThanOrEqual(150);
  expect(tileGrid({ tiles: 1, wide: 0 }, { widthPx: 390, heightPx: 844 })).toMatchObject({
    columns: 1,
    tilePx: 342,
  });
});

test("a change is shown in the lists and on the machine's page, and on no other", () => {
  const shown = [
    { name: "machines:list", args: {}, value: [machine("web-1"), machine("web-2")] },
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
