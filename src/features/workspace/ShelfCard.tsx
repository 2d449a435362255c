import { Archive, Undo2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Table, Td, Th } from "@/components/ui/Table.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type ShelvedMachine } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDate } from "@/lib/format.ts";

/** Machines that left the fleet and can come back. */
export function ShelfCard({ canChange, onRetry }: { canChange: boolean; onRetry: () => void }) {
  const { workspace } = useTexts();
  const texts = workspace.shelf;
  const [shelf, setShelf] = useState<"deleted" | "archived">("deleted");
  const { data: machines, error } = useLiveQuery(api.machines.shelf, { shelf });
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (machines === undefined) return <LoadingRows label={texts.loading} count={2} />;
    if (machines.length === 0) {
      const title = shelf === "archived" ? texts.noneArchived : texts.noneDeleted;
      return <EmptyView icon={<Archive />} title={title} />;
    }
    return (
      <Table
        label={texts.title}
        head={
          <>
            <Th>{texts.columns.name}</Th>
            <Th>{texts.since}</Th>
            <Th>
              <span className="sr-only">{texts.columns.actions}</span>
            </Th>
          </>
        }
      >
        {machines.map((machine) => (
          <ShelfRow key={machine.machineId} machine={machine} canChange={canChange} />
        ))}
      </Table>
    );
  };
  return (
    <Card
      title={texts.title}
      description={texts.detail}
      action={
        <Segmented
          label={texts.tabs}
          value={shelf}
          options={[
            { value: "deleted", label: texts.deleted },
            { value: "archived", label: texts.archived },
          ]}
          onChange={setShelf}
        />
      }
    >
      {content()}
    </Card>
  );
}

function ShelfRow({ machine, canChange }: { machine: ShelvedMachine; canChange: boolean }) {
  const { workspace } = useTexts();
  const texts = workspace.shelf;
  const { call, isPending } = useCall(api.machines.restore);
  const restore = async () => {
    try {
      await call({ machineId: machine.machineId });
      toast.success(texts.restored(machine.name));
    } catch (error) {
      toast.error(texts.notRestored, { description: messageOf(error) });
    }
  };
  return (
    <tr>
      <Td>
        <p className="font-medium break-all">{machine.name}</p>
        {machine.hostname !== null && (
          <p className="font-mono text-xs break-all text-ink-faint">{machine.hostname}</p>
        )}
      </Td>
      <Td>
        <Age at={machine.shelvedAt} />
        {machine.purgeAt !== null && (
          <p className="text-xs text-ink-faint">{texts.goneAt(formatDate(machine.purgeAt))}</p>
        )}
      </Td>
      <Td className="text-right">
        {canChange && (
          <Button
            icon={<Undo2 />}
            isPending={isPending}
            aria-label={texts.restoreOf(machine.name)}
            onClick={() => void restore()}
          >
            {texts.restore}
          </Button>
        )}
      </Td>
    </tr>
  );
}
