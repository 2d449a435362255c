import { Link } from "react-router";
import { Age } from "@/components/ui/Age.tsx";
import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type FleetEntry } from "./fleetView.ts";

/** The newest change of any machine: often the answer to "what just happened?". */
export function LatestChange({ entries }: { entries: FleetEntry[] }) {
  const { fleet: texts } = useTexts();
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
        {texts.changes[machine.reason]} <Age at={machine.since} />
      </span>
    </p>
  );
}
