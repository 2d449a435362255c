/** Moves the log into the file whenever it is told to; see checkpoints.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { openCheckpointing } from "../store/sqlite.ts";

export type CheckpointData = { path: string };

const { path } = workerData as CheckpointData;
const database = openCheckpointing(path);
parentPort?.on("message", () => {
  database.checkpoint();
  parentPort?.postMessage("moved");
});
