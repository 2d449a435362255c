import { Link } from "react-router";
import { Age } from "@/components/ui/Age.tsx";
import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { paths } from "@/config/paths.ts";
import { type FleetEntry } from "./fleetView.ts";

/** The newest change of any machine: often the answer to "what just happened?". */
export function LatestChange({ entries }: { entries: FleetEntry[] }) {
  const latest = entries.reduce<FleetEntry | null>(
    (newest, entry) =>
      newest === null || entry.machine.since > newest.machine.since ? entry : newest,
    null,
  );
  if (latest === null) return null;
  const { machine } = latest;
  return (
    <p className="flex max-w-full min-w-0 items-center gap-2 text-xs text-ink-faint">
      <StatusGlyph state={latest.state} size="size-2.5" />
      <span className="truncate">
        <Link
          to={paths.machine.href(machine.machineId)}
          className="rounded-sm font-medium text-ink-soft hover:underline"
        >
          {machine.name}
        </Link>{" "}
        {changeText(machine.reason)} <Age at={machine.since} />
      </span>
    </p>
  );
}

function changeText(reason: FleetEntry["machine"]["reason"]): string {
  switch (reason) {
    case "waiting":
      return "was added";
    case "heartbeat":
      return "came online";
    case "silence":
      return "went silent";
    case "shutdown":
      return "shut down";
    case "reboot":
      return "went to reboot";
    case "upgrade":
      return "went to upgrade";
    default:
      return reason satisfies never;
  }
}
