/** One HTTP action that runs one mutation. */
import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";

const set = makeFunctionReference<"mutation", { key: number; value: number }, null>("rows:set");
const http = httpRouter();

http.route({
  path: "/set",
  method: "POST",
  handler: httpActionGeneric(async (ctx, request) => {
    await ctx.runMutation(set, (await request.json()) as { key: number; value: number });
    return Response.json({ ok: true });
  }),
});

export default http;
