/** The library for what Node and /proc do not tell. Loaded at first use: on Linux never, which keeps the agent small. */
import type * as SystemInformation from "systeminformation";

export async function systemInformation(): Promise<typeof SystemInformation> {
  return await import("systeminformation");
}
