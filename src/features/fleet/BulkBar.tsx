import { Archive, CirclePause, CirclePlay, Download, Tags, Trash2, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { BulkDialog, type BulkDialogKind } from "./BulkDialog.tsx";
import { type FleetEntry } from "./fleetView.ts";
import { useBulk } from "./useBulk.ts";

/** What can be done with the chosen machines. Stays at the lower end of the screen while the list scrolls. */
export function BulkBar({
  chosen,
  onClear,
  onDownload,
}: {
  chosen: FleetEntry[];
  onClear: () => void;
  onDownload: () => void;
}) {
  const { fleet, format } = useTexts();
  const texts = fleet.bulk;
  const [dialog, setDialog] = useState<BulkDialogKind | null>(null);
  const { run, isPending } = useBulk(chosen);
  const isAllPaused = chosen.every(({ machine }) => machine.pausedAt !== null);
  const count = format.machines(chosen.length);
  return (
    <div className="pointer-events-none sticky bottom-16 z-20 flex justify-center px-3 py-2 lg:bottom-2">
      <div
        role="toolbar"
        aria-label={texts.toolbar}
        className="pointer-events-auto flex max-w-full animate-pop-in flex-wrap items-center gap-1 rounded-xl bg-raised p-1.5 shadow-pop"
      >
        <IconButton label={texts.none} onClick={onClear}>
          <X />
        </IconButton>
        <p role="status" className="pr-2 text-sm font-medium">
          {texts.chosen(count)}
        </p>
        <Button variant="ghost" icon={<Tags />} onClick={() => setDialog("tags")}>
          {texts.tags}
        </Button>
        <Button
          variant="ghost"
          isPending={isPending}
          icon={isAllPaused ? <CirclePlay /> : <CirclePause />}
          onClick={() => void run({ kind: isAllPaused ? "resume" : "pause" })}
        >
          {isAllPaused ? texts.resume : texts.pause}
        </Button>
        <Button variant="ghost" icon={<Download />} onClick={onDownload}>
          {texts.csv}
        </Button>
        <Button variant="ghost" icon={<Archive />} onClick={() => setDialog("archive")}>
          {texts.archive}
        </Button>
        <Button variant="ghost" icon={<Trash2 />} onClick={() => setDialog("delete")}>
          {texts.delete}
        </Button>
      </div>
      <BulkDialog
        kind={dialog}
        count={count}
        isPending={isPending}
        onClose={() => setDialog(null)}
        onConfirm={async (action) => {
          const isDone = await run(action);
          if (isDone) setDialog(null);
          if (isDone && (action.kind === "archive" || action.kind === "delete")) onClear();
        }}
      />
    </div>
  );
}
