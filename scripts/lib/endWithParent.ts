/** Preloaded into a child with a channel: it ends with the process that started it, however that one ended. */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
