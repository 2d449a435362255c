import { X } from "lucide-react";
import { Combobox } from "@/components/ui/Combobox.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { useMachineChoices } from "@/hooks/useMachineChoices.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Draft } from "./draft.ts";

/** Which machines a window is for. */
export function TargetFields({
  draft,
  problem,
  onChange,
}: {
  draft: Draft;
  problem: string | null;
  onChange: (draft: Draft) => void;
}) {
  const { maintenance } = useTexts();
  const texts = maintenance.form;
  return (
    <div className="grid gap-2">
      <p className="text-sm font-medium text-ink">{texts.target}</p>
      <Segmented
        label={texts.target}
        value={draft.target}
        options={[
          { value: "all", label: texts.targetAll },
          { value: "tags", label: texts.targetTags },
          { value: "machines", label: texts.targetMachines },
        ]}
        onChange={(target) => onChange({ ...draft, target })}
      />
      {draft.target === "tags" && (
        <TextField
          label={texts.tags}
          hint={texts.tagsHint}
          error={problem}
          value={draft.tags}
          autoComplete="off"
          onChange={(event) => onChange({ ...draft, tags: event.target.value })}
        />
      )}
      {draft.target === "machines" && (
        <>
          <MachineChoice
            machineIds={draft.machineIds}
            onChange={(machineIds) => onChange({ ...draft, machineIds })}
          />
          {problem !== null && (
            <p role="alert" className="text-xs font-medium text-offline">
              {problem}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function MachineChoice({
  machineIds,
  onChange,
}: {
  machineIds: readonly string[];
  onChange: (machineIds: string[]) => void;
}) {
  const { maintenance } = useTexts();
  const texts = maintenance.form;
  const machines = useMachineChoices();
  const nameOf = (id: string) => machines.find(({ machineId }) => machineId === id)?.name ?? id;
  return (
    <div className="grid gap-2">
      <Combobox
        label={texts.addMachine}
        placeholder={texts.addMachine}
        emptyText={texts.noMachine}
        options={machines
          .filter(({ machineId }) => !machineIds.includes(machineId))
          .map(({ machineId, name }) => ({ value: machineId, label: name }))}
        onPick={(machineId) => onChange([...machineIds, machineId])}
      />
      {machineIds.length > 0 && (
        <ul aria-label={texts.machines} className="flex flex-wrap gap-1.5">
          {machineIds.map((machineId) => (
            <li
              key={machineId}
              className="inline-flex items-center rounded-md border border-line bg-sunken pl-2 text-sm"
            >
              {nameOf(machineId)}
              <button
                type="button"
                aria-label={texts.removeMachine(nameOf(machineId))}
                onClick={() => onChange(machineIds.filter((other) => other !== machineId))}
                className="inline-flex size-7 items-center justify-center rounded-md text-ink-faint hover:text-ink"
              >
                <X aria-hidden="true" className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
