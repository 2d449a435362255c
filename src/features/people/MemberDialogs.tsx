import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useKept } from "@/hooks/useKept.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MemberRow } from "@/lib/backend.ts";
import { useKeysMadeBy } from "./useKeysMadeBy.ts";

/** Of many keys the first are named, and all counted. */
const MAX_NAMED = 5;

interface MemberDialogProps {
  /** Open while there is somebody to ask about. */
  member: MemberRow | null;
  onClose: () => void;
}

export function RemoveMemberDialog({ member, onClose }: MemberDialogProps) {
  const { people: texts, common } = useTexts();
  const { call } = useCall(api.members.remove);
  const name = useNameOf(member);
  const keys = useKeysMadeBy(member);
  return (
    <ConfirmDialog
      isOpen={member !== null}
      onClose={onClose}
      title={texts.removeTitle(name)}
      description={texts.removeDetail}
      confirmLabel={common.remove}
      onConfirm={async () => {
        if (member === null) return;
        await call({ memberId: member.memberId });
        toast.success(texts.removed(name));
      }}
    >
      {keys.length === 0 ? undefined : (
        <Notice kind="warning">
          <span className="wrap-anywhere">
            {texts.keysStay(keys.length, keys.slice(0, MAX_NAMED).join(", "))}
          </span>
        </Notice>
      )}
    </ConfirmDialog>
  );
}

export function TransferDialog({
  member,
  workspaceName,
  onClose,
}: MemberDialogProps & { workspaceName: string }) {
  const { people: texts } = useTexts();
  const { call } = useCall(api.members.transfer);
  const name = useNameOf(member);
  return (
    <ConfirmDialog
      isOpen={member !== null}
      onClose={onClose}
      title={texts.makeOwnerTitle(name)}
      description={texts.makeOwnerDetail(workspaceName)}
      confirmLabel={texts.makeOwnerConfirm}
      onConfirm={async () => {
        if (member === null) return;
        await call({ memberId: member.memberId });
        toast.success(texts.madeOwner(name));
      }}
    />
  );
}

/** Stays while the dialog closes. */
function useNameOf(member: MemberRow | null): string {
  return useKept(member === null ? undefined : member.name || member.email) ?? "";
}
