/** Many machines of Alice's, by number, for tests of what happens to many at once. */
import { addMachine, post, SECRET, type Backend, type Person } from "./setup.ts";

export const idOf = (index: number) => `m${index}`.padEnd(21, "x");
export const tokenOf = (index: number) => `${idOf(index)}:${SECRET}`;

export async function addFleet(person: Person, size: number): Promise<void> {
  for (let index = 0; index < size; index++) {
    await addMachine(person, { machineId: idOf(index), name: `m${index}` });
  }
}

/** A heartbeat of each. */
export async function beatAll(t: Backend, indexes: Iterable<number>): Promise<void> {
  for (const index of indexes) await post(t, "heartbeat", { token: tokenOf(index) });
}

export const upTo = (size: number) => Array.from({ length: size }, (_unused, index) => index);
