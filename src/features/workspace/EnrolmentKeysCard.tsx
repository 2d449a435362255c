import { KeySquare, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { KeyMaker } from "@/components/ui/KeyMaker.tsx";
import { Table, Td, Th } from "@/components/ui/Table.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type EnrolmentKeyRow } from "@/lib/backend.ts";
import { formatDate } from "@/lib/format.ts";

/** Keys with which machines enrol themselves, for admins: how far each is used up, and the way to stop it. */
export function EnrolmentKeysCard({ onRetry }: { onRetry: () => void }) {
  const { workspace, common } = useTexts();
  const texts = workspace.keys;
  const { data: keys, error } = useLiveQuery(api.enrolment.listKeys, {});
  const { call } = useCall(api.enrolment.revokeKey);
  const [revoking, setRevoking] = useState<EnrolmentKeyRow | null>(null);
  const name = useKept(revoking?.name) ?? "";
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (keys === undefined) return <LoadingRows label={texts.loading} count={2} />;
    if (keys.length === 0) {
      return (
        <EmptyView icon={<KeySquare />} title={texts.none}>
          {texts.noneDetail}
        </EmptyView>
      );
    }
    return <KeyTable keys={keys} onRevoke={setRevoking} />;
  };
  return (
    <Card title={texts.title} description={texts.detail}>
      {content()}
      <ConfirmDialog
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        title={texts.revokeTitle(name)}
        description={texts.revokeDetail}
        confirmLabel={common.revoke}
        onConfirm={async () => {
          if (revoking === null) return;
          await call({ enrolmentKeyId: revoking.enrolmentKeyId });
          toast.success(texts.revoked(name));
        }}
      />
    </Card>
  );
}

function KeyTable({
  keys,
  onRevoke,
}: {
  keys: EnrolmentKeyRow[];
  onRevoke: (key: EnrolmentKeyRow) => void;
}) {
  const { workspace, common } = useTexts();
  const texts = workspace.keys;
  const { name, used, lastUsed, expires, actions } = texts.columns;
  return (
    <Table
      label={texts.title}
      head={
        <>
          <Th>{name}</Th>
          <Th>{used}</Th>
          <Th className="hidden sm:table-cell">{lastUsed}</Th>
          <Th className="hidden sm:table-cell">{expires}</Th>
          <Th>
            <span className="sr-only">{actions}</span>
          </Th>
        </>
      }
    >
      {keys.map((key) => (
        <tr key={key.enrolmentKeyId}>
          <Td>
            <p className="font-medium">{key.name}</p>
            <div className="flex items-center gap-2">
              <span className="font-mono text-xs text-ink-faint">rce_…{key.hint}</span>
              {key.tags.length > 0 && <Tags tags={key.tags} limit={2} />}
            </div>
            <KeyMaker {...key.createdBy} />
          </Td>
          <Td className="whitespace-nowrap">{texts.usage(key.machines, key.maxMachines)}</Td>
          <Td className="hidden whitespace-nowrap text-ink-soft sm:table-cell">
            {key.lastUsedAt === null ? common.never : <Age at={key.lastUsedAt} />}
          </Td>
          <Td className="hidden whitespace-nowrap sm:table-cell">
            <Expiry at={key.expiresAt} />
          </Td>
          <Td className="w-10 text-right">
            <IconButton label={texts.revoke(key.name)} onClick={() => onRevoke(key)} isDanger>
              <Trash2 />
            </IconButton>
          </Td>
        </tr>
      ))}
    </Table>
  );
}

function Expiry({ at }: { at: number }) {
  const { workspace } = useTexts();
  const isExpired = useNowSelect((now) => at <= now);
  return isExpired ? <Badge tone="bad">{workspace.keys.expired}</Badge> : formatDate(at);
}
