/** The timetable. The work is in jobs/; the sweep's own rhythm is a setting, so a cron only keeps it alive. */
import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();

crons.interval("keep the sweep running", { seconds: 15 }, internal.jobs.sweep.watch);
crons.interval("send what is due", { seconds: 30 }, internal.jobs.notify.dispatch);
crons.interval("look for contradictions", { minutes: 5 }, internal.jobs.reconcile.run, {});
crons.interval("roll up samples", { seconds: 60 }, internal.jobs.rollUp.watch);
crons.interval("remove what is old", { minutes: 5 }, internal.jobs.retain.removeOld, {});
crons.hourly("forget old rate limits", { minuteUTC: 53 }, internal.jobs.retain.forgetLimits);
crons.hourly("clean up", { minuteUTC: 41 }, internal.jobs.registry.startCleanUps);
crons.hourly("purge deleted machines", { minuteUTC: 23 }, internal.jobs.registry.purgeDeleted);

export default crons;
