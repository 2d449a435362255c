import { X } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "react-router";
import { toast } from "sonner";
import { Card } from "@/components/ui/Card.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { paths } from "@/config/paths.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useMachineSearch } from "@/hooks/useMachineSearch.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

interface Named {
  machineId: string;
  name: string;
}

/** The machine without which this one cannot be reached, and those that cannot be reached without it. */
export function DependencyCard({ machineId }: { machineId: string }) {
  const texts = useTexts().machine.dependency;
  const related = useLiveQuery(api.dependencies.of, { machineId }).data;
  const { call } = useCall(api.dependencies.set);
  const set = async (parent: Named | null) => {
    try {
      await call({ machineId, parentMachineId: parent?.machineId ?? null });
      toast.success(parent === null ? texts.cleared : texts.set(parent.name));
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  if (related === undefined || related === null) return null;
  return (
    <Card title={texts.title} description={texts.lead}>
      <div className="grid gap-3 px-4 py-3 text-sm">
        {related.parent === null ? (
          <ParentSearch machineId={machineId} onChoose={(parent) => void set(parent)} />
        ) : (
          <p className="flex items-center justify-between gap-2">
            <MachineLink machine={related.parent} />
            <IconButton label={texts.clear} onClick={() => void set(null)}>
              <X />
            </IconButton>
          </p>
        )}
        {related.children.length > 0 && (
          <div>
            <h3 className="text-xs text-ink-faint">{texts.children}</h3>
            <ul className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
              {related.children.map((child) => (
                <li key={child.machineId}>
                  <MachineLink machine={child} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Card>
  );
}

/** A field and the machines that are found with what is typed. */
function ParentSearch({
  machineId,
  onChoose,
}: {
  machineId: string;
  onChoose: (parent: Named) => void;
}) {
  const texts = useTexts().machine.dependency;
  const [text, setText] = useState("");
  const listId = useId();
  const found = useMachineSearch(text).machines.filter((other) => other.machineId !== machineId);
  return (
    <div className="grid gap-2">
      <TextField
        label={texts.choose}
        value={text}
        autoComplete="off"
        aria-controls={listId}
        onChange={(event) => setText(event.target.value)}
      />
      <ul id={listId} className="grid gap-0.5">
        {found.map((other) => (
          <li key={other.machineId}>
            <button
              type="button"
              onClick={() => onChoose(other)}
              className="w-full truncate rounded-md px-2 py-1.5 text-left font-medium hover:bg-hover"
            >
              {other.name}
              <span className="ml-2 font-normal text-ink-faint">{other.hostname}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MachineLink({ machine: { machineId, name } }: { machine: Named }) {
  return (
    <Link
      to={paths.machine.href(machineId)}
      className="min-w-0 truncate rounded-sm font-medium text-accent-ink hover:underline"
    >
      {name}
    </Link>
  );
}
