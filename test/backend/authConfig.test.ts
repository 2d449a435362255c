/** auth.config.ts reads the environment: a change of it counts at once, and one that would lock everyone out is refused. */
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failure } from "../contract/support/failure.ts";
import { createIssuer, type Issuer } from "../contract/support/tokens.ts";
import { AUDIENCE, ISSUER } from "../contract/session.ts";
import { DeployedApp } from "./support/deployedApp.ts";
import { DirectPush } from "./support/directPush.ts";

const whoAmI = makeFunctionReference<"query", Record<string, never>, string | null>("me:subject");

const CONFIG = `
  export default { providers: [{
    type: "customJwt", algorithm: "RS256", applicationID: "${AUDIENCE}",
    issuer: process.env.ISSUER, jwks: process.env.KEYS,
  }] };
`;
const ME = `
  import { queryGeneric as query } from "convex/server";
  export const subject = query(async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null);
`;

describe("auth.config.ts", () => {
  let app: DeployedApp;
  let before: Issuer;
  let after: Issuer;
  beforeAll(async () => {
    [before, after] = await Promise.all([createIssuer(), createIssuer()]);
    app = await DeployedApp.start("emptyApp");
    await app.setEnvironment({ ISSUER, KEYS: before.jwks });
    await new DirectPush(app).push({ "auth.config.ts": CONFIG, "me.ts": ME });
  });
  afterAll(() => app.dispose());

  it("trusts other keys as soon as they are set, without a push", async () => {
    const old = await before.sign({ subject: "alice" });
    const renewed = await after.sign({ subject: "alice" });
    expect(await app.query(whoAmI, {}, old)).toBe("alice");
    await failure(app.query(whoAmI, {}, renewed));
    await app.setEnvironment({ KEYS: after.jwks });
    expect(await app.query(whoAmI, {}, renewed)).toBe("alice");
    await failure(app.query(whoAmI, {}, old));
  });

  it("keeps the variables that it cannot do without", async () => {
    const { exitCode, stderr } = await app.cli("env", "remove", "ISSUER");
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/ISSUER is used in auth config file/);
    const token = await after.sign({ subject: "alice" });
    expect(await app.query(whoAmI, {}, token)).toBe("alice");
  });

  it("is evaluated with all changes of a request together", async () => {
    await app.setEnvironment({ OTHER: "x", ISSUER: "https://other.example" });
    await failure(app.query(whoAmI, {}, await after.sign({ subject: "alice" })));
    await app.setEnvironment({ OTHER: null, ISSUER });
    expect(await app.query(whoAmI, {}, await after.sign({ subject: "alice" }))).toBe("alice");
  });
});
