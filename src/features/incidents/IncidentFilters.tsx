import { X } from "lucide-react";
import { Combobox } from "@/components/ui/Combobox.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Select } from "@/components/ui/Select.tsx";
import { useMachineChoices } from "@/hooks/useMachineChoices.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type IncidentQuery } from "./useIncidentQuery.ts";

/** Which incidents are listed: by state, machine and time. */
export function IncidentFilters({ query }: { query: IncidentQuery }) {
  const { incidents: texts } = useTexts();
  const { filters } = texts;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label={filters.state}
          value={query.state ?? "all"}
          options={[
            { value: "all", label: filters.all },
            { value: "open", label: filters.open },
            { value: "acknowledged", label: filters.acknowledged },
            { value: "closed", label: filters.closed },
          ]}
          onChange={(state) => query.set("state", state === "all" ? null : state)}
        />
      </div>
      <div className="flex flex-1 items-center gap-2 max-sm:w-full max-sm:flex-auto sm:justify-end">
        <MachineFilter
          machineId={query.machineId}
          onChange={(machineId) => query.set("machine", machineId)}
        />
        <div className="w-40 max-sm:w-auto max-sm:flex-1">
          <Select
            label={filters.since}
            value={query.span ?? "any"}
            options={[
              { value: "any", label: filters.anyTime },
              { value: "day", label: filters.lastDay },
              { value: "week", label: filters.lastWeek },
              { value: "month", label: filters.lastMonth },
            ]}
            onChange={(span) => query.set("since", span === "any" ? null : span)}
          />
        </div>
      </div>
    </div>
  );
}

function MachineFilter({
  machineId,
  onChange,
}: {
  machineId: string | null;
  onChange: (machineId: string | null) => void;
}) {
  const { incidents: texts } = useTexts();
  const { filters } = texts;
  const machines = useMachineChoices();
  if (machineId === null) {
    return (
      <Combobox
        label={filters.machine}
        placeholder={filters.anyMachine}
        emptyText={filters.noMachine}
        options={machines.map(({ machineId: value, name }) => ({ value, label: name }))}
        onPick={onChange}
        className="w-44 max-sm:w-auto max-sm:flex-1"
      />
    );
  }
  const name = machines.find((machine) => machine.machineId === machineId)?.name ?? machineId;
  return (
    <span className="inline-flex h-8 max-w-56 items-center gap-1 rounded-md border border-line bg-accent-soft pl-2.5 text-sm font-medium text-accent-ink">
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label={filters.anyMachine}
        onClick={() => onChange(null)}
        className="inline-flex size-7 items-center justify-center rounded-md hover:bg-hover"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}
