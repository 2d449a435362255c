/** contractApp in convex-test: in this process, in memory. */
import { register as registerRateLimiter } from "@convex-dev/rate-limiter/test";
import { convexTest, type TestConvex } from "convex-test";
import schema from "../../fixtures/contractApp/convex/schema.ts";
import { GREETING, ISSUER, type Implementation, type Session } from "../session.ts";

const modules = import.meta.glob("../../fixtures/contractApp/convex/**/*.*s");

type Accessor = Omit<TestConvex<typeof schema>, "registerComponent">;

const session = (accessor: Accessor): Session => {
  // A function reference is a function reference, but its generic arguments do not unify with those of the port.
  const call = accessor as unknown as Session;
  return {
    query: call.query,
    mutation: call.mutation,
    action: call.action,
    fetch: (path, init) => accessor.fetch(path, init),
    as: (person) => session(accessor.withIdentity({ ...person, issuer: ISSUER })),
  };
};

export const openConvexTest = async (): Promise<Implementation> => {
  process.env["CONTRACT_GREETING"] = GREETING;
  return {
    fresh: async () => {
      const t = convexTest(schema, modules);
      registerRateLimiter(t);
      return session(t);
    },
    close: async () => {
      delete process.env["CONTRACT_GREETING"];
    },
  };
};
