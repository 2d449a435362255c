/** Whose session tokens the deployment accepts: its own, made by Convex Auth. */
import { env } from "./_generated/server.js";

export default { providers: [{ domain: env.CONVEX_SITE_URL, applicationID: "convex" }] };
