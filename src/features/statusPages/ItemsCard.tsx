import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Combobox } from "@/components/ui/Combobox.tsx";
import { inputClass } from "@/components/ui/Field.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useMachineChoices } from "@/hooks/useMachineChoices.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { messageOf } from "@/lib/errors.ts";
import { type StatusPage } from "./useStatusPage.ts";

interface Item {
  machineId: string;
  name: string;
}

/** Which machines the page shows, under which names, in which order. */
export function ItemsCard({ page, canEdit }: { page: StatusPage; canEdit: boolean }) {
  const { statusPages } = useTexts();
  const texts = statusPages.items;
  const [draft, setDraft] = useState<Item[] | null>(null);
  const { call, isPending, error, reset } = useCall(api.statusPages.setItems);
  const machines = useMachineChoices();
  const items: Item[] = draft ?? page.items;
  const nameOf = (id: string) => machines.find(({ machineId }) => machineId === id)?.name ?? id;
  const move = (from: number, to: number) => {
    const moved = [...items];
    moved.splice(to, 0, ...moved.splice(from, 1));
    setDraft(moved);
  };
  const save = async () => {
    try {
      const { statusPageId } = page;
      await call({
        statusPageId,
        items: items.map(({ machineId, name }) => ({
          machineId,
          name: name.trim() || nameOf(machineId),
        })),
      });
      setDraft(null);
      toast.success(statusPages.saved);
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <Card title={texts.title} description={texts.lead}>
      {items.length === 0 && <p className="px-4 py-3 text-sm text-ink-soft">{texts.none}</p>}
      <ol aria-label={texts.title} className="divide-y divide-line/70">
        {items.map((item, index) => (
          <ItemRow
            key={item.machineId}
            item={item}
            machineName={nameOf(item.machineId)}
            canEdit={canEdit}
            onRename={(name) =>
              setDraft(items.map((other) => (other === item ? { ...item, name } : other)))
            }
            onUp={index === 0 ? null : () => move(index, index - 1)}
            onDown={index === items.length - 1 ? null : () => move(index, index + 1)}
            onRemove={() => setDraft(items.filter((other) => other !== item))}
          />
        ))}
      </ol>
      {canEdit && (
        <footer className="grid gap-2 border-t border-line px-4 py-3">
          {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
          <div className="flex flex-wrap items-center gap-2">
            <Combobox
              label={texts.add}
              placeholder={texts.add}
              emptyText={texts.noMachine}
              options={machines
                .filter((machine) => !items.some((item) => item.machineId === machine.machineId))
                .map(({ machineId, name }) => ({ value: machineId, label: name }))}
              onPick={(machineId) => setDraft([...items, { machineId, name: nameOf(machineId) }])}
              className="w-56 flex-1"
            />
            {draft !== null && (
              <>
                <Button
                  variant="ghost"
                  onClick={() => {
                    setDraft(null);
                    reset();
                  }}
                >
                  {statusPages.cancel}
                </Button>
                <Button variant="primary" isPending={isPending} onClick={() => void save()}>
                  {statusPages.save}
                </Button>
              </>
            )}
          </div>
        </footer>
      )}
    </Card>
  );
}

function ItemRow({
  item,
  machineName,
  canEdit,
  onRename,
  onUp,
  onDown,
  onRemove,
}: {
  item: Item;
  machineName: string;
  canEdit: boolean;
  onRename: (name: string) => void;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onRemove: () => void;
}) {
  const { statusPages } = useTexts();
  const texts = statusPages.items;
  return (
    <li className="flex flex-wrap items-center gap-x-2 px-4 py-1.5">
      <input
        aria-label={texts.publicName(machineName)}
        value={item.name}
        disabled={!canEdit}
        onChange={(event) => onRename(event.target.value)}
        className={cn(inputClass, "h-8 min-w-0 px-2.5 text-sm sm:w-auto sm:flex-1")}
      />
      <span className="min-w-0 flex-1 truncate text-xs text-ink-faint sm:w-28 sm:flex-none">
        {machineName}
      </span>
      {canEdit && (
        <>
          <IconButton label={texts.up(item.name)} disabled={onUp === null} onClick={() => onUp?.()}>
            <ArrowUp />
          </IconButton>
          <IconButton
            label={texts.down(item.name)}
            disabled={onDown === null}
            onClick={() => onDown?.()}
          >
            <ArrowDown />
          </IconButton>
          <IconButton label={texts.remove(item.name)} isDanger onClick={onRemove}>
            <X />
          </IconButton>
        </>
      )}
    </li>
  );
}
