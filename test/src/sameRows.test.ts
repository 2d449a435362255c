/** Rows that come again with a neighbour that changed. */
import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { keepSame } from "@/features/fleet/sameRows.ts";
import { useFleetEntries } from "@/features/fleet/useFleetEntries.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { packRows, unpackRows } from "../../core/packedRows.ts";
import { machine, states } from "./support/cast.ts";

const again = (...rows: MachineRow[]) => unpackRows<MachineRow>(packRows(rows));

test("are the same objects where nothing in them changed", () => {
  const before = again(
    machine("web-1", { tags: ["a", "b"] }),
    machine("web-2"),
    machine("web-3", { tags: ["a"] }),
  );
  const after = keepSame(
    again(
      machine("web-1", { tags: ["a", "b"] }),
      machine("web-2", states.offline),
      machine("web-3", { tags: ["b"] }),
      machine("web-4"),
    ),
    before,
  );
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toEqual(machine("web-2", states.offline));
  expect(after[2]?.tags).toEqual(["b"]);
  expect(after[3]?.name).toBe("web-4");
});

test("are the same entries of a big list, however the others change", () => {
  const before = again(...Array.from({ length: 200 }, (_, index) => machine(`web-${index}`)));
  const list = renderHook(({ machines }) => useFleetEntries(machines), {
    initialProps: { machines: before },
  });
  const first = list.result.current;
  const changed = again(machine("web-7", states.offline))[0];
  if (changed === undefined) throw new Error("No row came back");
  list.rerender({ machines: before.with(7, changed) });
  const different = list.result.current.filter((entry, index) => entry !== first[index]);
  expect(different.map(({ machine: { name }, state }) => `${name} ${state}`)).toEqual([
    "web-7 offline",
  ]);
});
