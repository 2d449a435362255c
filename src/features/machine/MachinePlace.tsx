import { Archive, CirclePause, CirclePlay } from "lucide-react";
import { type ReactNode } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { useShelf } from "./useShelf.ts";

/** Whether people hear of the machine, and whether it belongs to the fleet. */
export function MachinePlace({ machine, onGone }: { machine: MachineDetails; onGone: () => void }) {
  const texts = useTexts().machine.state;
  const shelf = useShelf(machine);
  const isPaused = machine.pausedAt !== null;
  const archive = async () => {
    if (await shelf.archive()) onGone();
  };
  return (
    <Card title={texts.title}>
      <div className="divide-y divide-line">
        <Line lead={texts.pauseLead}>
          <Button
            icon={isPaused ? <CirclePlay /> : <CirclePause />}
            onClick={() => void shelf.setPaused(!isPaused)}
          >
            {isPaused ? texts.resume : texts.pause}
          </Button>
        </Line>
        {machine.shelf === null && (
          <Line lead={texts.archiveLead}>
            <Button icon={<Archive />} onClick={() => void archive()}>
              {texts.archive}
            </Button>
          </Line>
        )}
      </div>
    </Card>
  );
}

function Line({ lead, children }: { lead: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-3">
      <p className="min-w-48 flex-1 text-sm text-ink-soft">{lead}</p>
      {children}
    </div>
  );
}
