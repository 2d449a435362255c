import { DoorOpen, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog.tsx";
import { Spinner } from "@/components/ui/Spinner.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me } from "@/lib/backend.ts";
import { formatCount } from "@/lib/format.ts";

/** Leaving for everybody but the owner, who can delete. What is being deleted shows how far it is. */
export function LeaveWorkspace({
  workspace,
  onGone,
}: {
  workspace: Me["workspace"];
  onGone: () => void;
}) {
  const { workspace: texts } = useTexts();
  const { call: leave } = useCall(api.workspaces.leave);
  const { call: remove } = useCall(api.workspaces.remove);
  const [asked, setAsked] = useState<"leave" | "remove" | null>(null);
  const isOwner = workspace.role === "owner";
  const { workspaceId, name } = workspace;
  return (
    <Card title={texts.danger}>
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 text-sm">
        <p className="min-w-60 flex-1 text-ink-soft">
          {isOwner ? texts.ownerStays : texts.leaveDetail}
        </p>
        {isOwner ? (
          <Button variant="dangerOutline" icon={<Trash2 />} onClick={() => setAsked("remove")}>
            {texts.remove}
          </Button>
        ) : (
          <Button variant="dangerOutline" icon={<DoorOpen />} onClick={() => setAsked("leave")}>
            {texts.leave}
          </Button>
        )}
      </div>
      <Removals />
      <ConfirmDialog
        isOpen={asked === "leave"}
        onClose={() => setAsked(null)}
        title={texts.leaveTitle(name)}
        description={texts.leaveDetail}
        confirmLabel={texts.leave}
        onConfirm={async () => {
          await leave({ workspaceId });
          toast.success(texts.left(name));
          onGone();
        }}
      />
      <ConfirmDialog
        isOpen={asked === "remove"}
        onClose={() => setAsked(null)}
        title={texts.removeTitle(name)}
        description={texts.removeDetail}
        confirmLabel={texts.remove}
        phrase={name}
        onConfirm={async () => {
          // By id: the owner may have switched in another tab.
          await remove({ workspaceId, confirmName: name });
        }}
      />
    </Card>
  );
}

/** Workspaces that this person deleted, and how many of their rows are gone. */
function Removals() {
  const { workspace: texts } = useTexts();
  const { data: removals } = useLiveQuery(api.workspaces.removals, {});
  if (removals === undefined || removals.length === 0) return null;
  return (
    <section aria-label={texts.removals} className="border-t border-line px-4 py-3">
      <h3 className="text-xs font-medium text-ink-faint">{texts.removals}</h3>
      <ul className="mt-1 grid gap-1 text-sm">
        {removals.map(({ name, startedAt, removedRows, finishedAt }) => (
          <li key={startedAt} className="flex flex-wrap items-center gap-x-2">
            {finishedAt === null && <Spinner className="size-3.5 text-ink-faint" />}
            <span className="font-medium">{name}</span>
            <span className="text-ink-soft">
              {finishedAt === null
                ? texts.removalRunning(formatCount(removedRows))
                : texts.removalDone(formatCount(removedRows))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
