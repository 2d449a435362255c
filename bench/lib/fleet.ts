/** An account and its machines, made through the public functions as a browser makes them. */
import { ConvexHttpClient } from "convex/browser";
import { nanoid } from "nanoid";
import { api } from "../../convex/_generated/api.js";

const PARALLEL = 20;

export const BENCH_EMAIL = "alice@example.com";

export interface Fleet {
  /** A session's JWT. */
  jwt: string;
  /** To sign in with a browser, together with BENCH_EMAIL. */
  password: string;
  machines: { machineId: string; token: string }[];
}

/** Signs up on an installation without accounts and creates `count` machines. */
export async function createFleet(url: string, count: number): Promise<Fleet> {
  const client = new ConvexHttpClient(url);
  const password = nanoid();
  const { tokens } = await client.action(api.auth.signIn, {
    provider: "password",
    params: { flow: "signUp", email: BENCH_EMAIL, password, name: "Alice" },
  });
  if (!tokens) throw new Error("The sign-up gave no session");
  client.setAuth(tokens.token);
  const machines: Fleet["machines"] = [];
  const createSome = async () => {
    for (let n = machines.length; machines.length < count; n = machines.length) {
      const machine = { machineId: nanoid(), secret: nanoid(32), name: `bench-${n}` };
      const place = machines.push({ machineId: machine.machineId, token: "" }) - 1;
      // Without the client's own queue, which sends one mutation at a time.
      const { token } = await client.mutation(api.machines.create, machine, { skipQueue: true });
      machines[place] = { machineId: machine.machineId, token };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, createSome));
  return { jwt: tokens.token, password, machines };
}

/** A client with a session of its own for the owner of the fleet. */
export async function signInAgain(url: string, { password }: Fleet): Promise<ConvexHttpClient> {
  const client = new ConvexHttpClient(url);
  const { tokens } = await client.action(api.auth.signIn, {
    provider: "password",
    params: { flow: "signIn", email: BENCH_EMAIL, password },
  });
  if (!tokens) throw new Error("The sign-in gave no session");
  client.setAuth(tokens.token);
  return client;
}
