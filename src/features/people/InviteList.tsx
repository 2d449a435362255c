import { MailPlus, Trash2, UserPlus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Table, Td, Th } from "@/components/ui/Table.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type InviteRow } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { InviteDialog } from "./InviteDialog.tsx";

/** The links that were made, for admins: what became of each, and the way to make another. */
export function InviteList({ onRetry }: { onRetry: () => void }) {
  const { people: texts, common } = useTexts();
  const { data: invites, error } = useLiveQuery(api.invites.list, {});
  const { call: revoke } = useCall(api.invites.revoke);
  const [isInviting, setIsInviting] = useState(false);
  const [revoking, setRevoking] = useState<InviteRow | null>(null);
  const invite = (variant: "primary" | "secondary") => (
    <Button variant={variant} icon={<UserPlus />} onClick={() => setIsInviting(true)}>
      {texts.invite}
    </Button>
  );

  const content = () => {
    if (error !== null) {
      return <ErrorView title={texts.invitesFailed} error={error} onRetry={onRetry} />;
    }
    if (invites === undefined) return <LoadingRows label={texts.invitesLoading} count={2} />;
    if (invites.length === 0) {
      return (
        <EmptyView icon={<MailPlus />} title={texts.noInvites} action={invite("primary")}>
          {texts.noInvitesDetail}
        </EmptyView>
      );
    }
    return <InviteTable invites={invites} onRevoke={setRevoking} />;
  };

  return (
    <Card
      title={texts.invites}
      description={texts.invitesDetail}
      action={invites?.length ? invite("secondary") : undefined}
    >
      {content()}
      <InviteDialog isOpen={isInviting} onClose={() => setIsInviting(false)} />
      <ConfirmDialog
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        title={texts.revokeTitle}
        description={texts.revokeDetail}
        confirmLabel={common.revoke}
        onConfirm={async () => {
          if (revoking === null) return;
          await revoke({ inviteId: revoking.inviteId });
          toast.success(texts.revoked);
        }}
      />
    </Card>
  );
}

function InviteTable({
  invites,
  onRevoke,
}: {
  invites: InviteRow[];
  onRevoke: (invite: InviteRow) => void;
}) {
  const { people: texts, common } = useTexts();
  const { whom, role, by, state, actions } = texts.inviteColumns;
  return (
    <Table
      label={texts.invites}
      head={
        <>
          <Th>{whom}</Th>
          <Th className="hidden sm:table-cell">{role}</Th>
          <Th className="hidden md:table-cell">{by}</Th>
          <Th>{state}</Th>
          <Th>
            <span className="sr-only">{actions}</span>
          </Th>
        </>
      }
    >
      {invites.map((invite) => (
        <tr key={invite.inviteId}>
          <Td className="wrap-anywhere">
            {invite.email ?? texts.anybody}
            <span className="mt-0.5 block text-xs text-ink-faint sm:hidden">
              {common.roles[invite.role]}
            </span>
          </Td>
          <Td className="hidden sm:table-cell">
            <Badge>{common.roles[invite.role]}</Badge>
          </Td>
          <Td className="hidden text-ink-soft md:table-cell">{invite.createdBy}</Td>
          <Td>
            <InviteState invite={invite} />
          </Td>
          <Td className="w-10 text-right">
            <IconButton
              label={texts.revokeInvite(invite.email ?? texts.anybody)}
              onClick={() => onRevoke(invite)}
              isDanger
            >
              <Trash2 />
            </IconButton>
          </Td>
        </tr>
      ))}
    </Table>
  );
}

function InviteState({ invite }: { invite: InviteRow }) {
  const { people: texts } = useTexts();
  const isExpired = useNowSelect((now) => invite.expiresAt <= now);
  if (invite.acceptedBy !== null) {
    return <span className="text-online">{texts.accepted(invite.acceptedBy)}</span>;
  }
  if (isExpired) return <Badge>{texts.expired}</Badge>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Badge tone="accent">{texts.open}</Badge>
      <span className="text-xs text-ink-faint">{texts.until(formatStamp(invite.expiresAt))}</span>
    </span>
  );
}
