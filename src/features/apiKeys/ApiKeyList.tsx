import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { KeyMaker } from "@/components/ui/KeyMaker.tsx";
import { Table, Td, Th } from "@/components/ui/Table.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type ApiKeyRow } from "@/lib/backend.ts";
import { formatDate } from "@/lib/format.ts";
import { ApiKeyDialog } from "./ApiKeyDialog.tsx";

/** The workspace's keys, and the way to make and to revoke one. */
export function ApiKeyList({ onRetry }: { onRetry: () => void }) {
  const { apiKeys: texts } = useTexts();
  const { data: keys, error } = useLiveQuery(api.apiKeys.list, {});
  const [isCreating, setIsCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyRow | null>(null);
  const create = (variant: "primary" | "secondary") => (
    <Button variant={variant} icon={<Plus />} onClick={() => setIsCreating(true)}>
      {texts.create}
    </Button>
  );

  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (keys === undefined) return <LoadingRows label={texts.loading} count={3} />;
    if (keys.length === 0) {
      return (
        <EmptyView icon={<KeyRound />} title={texts.none} action={create("primary")}>
          {texts.noneDetail}
        </EmptyView>
      );
    }
    return <KeyTable keys={keys} onRevoke={setRevoking} />;
  };

  return (
    <Card title={texts.title} action={keys?.length ? create("secondary") : undefined}>
      {content()}
      <ApiKeyDialog isOpen={isCreating} onClose={() => setIsCreating(false)} />
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </Card>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKeyRow | null; onClose: () => void }) {
  const { apiKeys: texts, common } = useTexts();
  const { call } = useCall(api.apiKeys.revoke);
  const name = useKept(apiKey?.name) ?? "";
  return (
    <ConfirmDialog
      isOpen={apiKey !== null}
      onClose={onClose}
      title={texts.revokeTitle(name)}
      description={texts.revokeDetail}
      confirmLabel={common.revoke}
      onConfirm={async () => {
        if (apiKey === null) return;
        await call({ apiKeyId: apiKey.apiKeyId });
        toast.success(texts.revoked(name));
      }}
    />
  );
}

function KeyTable({
  keys,
  onRevoke,
}: {
  keys: ApiKeyRow[];
  onRevoke: (apiKey: ApiKeyRow) => void;
}) {
  const { apiKeys: texts, common } = useTexts();
  const { name, access, created, used, expires, actions } = texts.columns;
  return (
    <Table
      label={texts.title}
      head={
        <>
          <Th>{name}</Th>
          <Th>{access}</Th>
          <Th className="hidden md:table-cell">{created}</Th>
          <Th>{used}</Th>
          <Th className="hidden sm:table-cell">{expires}</Th>
          <Th>
            <span className="sr-only">{actions}</span>
          </Th>
        </>
      }
    >
      {keys.map((key) => (
        <tr key={key.apiKeyId}>
          <Td>
            <p className="font-medium">{key.name}</p>
            <p className="font-mono text-xs text-ink-faint">rck_…{key.hint}</p>
            <KeyMaker {...key.createdBy} />
          </Td>
          <Td>
            <Badge tone={key.access === "write" ? "warning" : "neutral"}>
              {texts.access[key.access]}
            </Badge>
          </Td>
          <Td className="hidden whitespace-nowrap text-ink-soft md:table-cell">
            {formatDate(key.createdAt)}
          </Td>
          <Td className="whitespace-nowrap text-ink-soft">
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

function Expiry({ at }: { at: number | null }) {
  const { apiKeys: texts, common } = useTexts();
  const isExpired = useNowSelect((now) => at !== null && at <= now);
  if (at === null) return <span className="text-ink-faint">{common.never}</span>;
  return isExpired ? <Badge tone="bad">{texts.expired}</Badge> : <span>{formatDate(at)}</span>;
}
