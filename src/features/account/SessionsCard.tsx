import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type SessionRow } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDate, formatStamp } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";

/** Every browser in which one is signed in, and the way to sign it out. */
export function SessionsCard({ onRetry }: { onRetry: () => void }) {
  const { account } = useTexts();
  const texts = account.sessions;
  const { data: sessions, error } = useLiveQuery(api.sessions.list, {});
  const { call, isPending } = useCall(api.sessions.revokeOthers);
  const endOthers = async () => {
    try {
      const { ended } = await call({});
      toast.success(texts.ended(ended));
    } catch (failure) {
      toast.error(texts.notEnded, { description: messageOf(failure) });
    }
  };
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (sessions === undefined) return <LoadingRows label={texts.loading} count={2} />;
    return (
      <ul aria-label={texts.title} className="divide-y divide-line">
        {sessions.map((session) => (
          <Row key={session.sessionId} session={session} />
        ))}
      </ul>
    );
  };
  return (
    <Card
      title={texts.title}
      action={
        (sessions?.length ?? 0) > 1 ? (
          <Button isPending={isPending} onClick={() => void endOthers()}>
            {texts.endOthers}
          </Button>
        ) : undefined
      }
    >
      {content()}
    </Card>
  );
}

function Row({ session }: { session: SessionRow }) {
  const { account } = useTexts();
  const texts = account.sessions;
  const { call, isPending } = useCall(api.sessions.revoke);
  const stamp = formatStamp(session.createdAt);
  const end = async () => {
    try {
      await call({ sessionId: session.sessionId });
      toast.success(texts.ended(1));
    } catch (error) {
      toast.error(texts.notEnded, { description: messageOf(error) });
    }
  };
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{deviceText(texts, session)}</span>
          {session.isCurrent && <Badge tone="accent">{texts.current}</Badge>}
        </p>
        <p className="text-xs text-ink-faint">
          {texts.signedIn(stamp)}, {texts.lastUsed} <Age at={session.lastUsedAt} />,{" "}
          {texts.until(formatDate(session.expiresAt))}
        </p>
      </div>
      {!session.isCurrent && (
        <Button isPending={isPending} aria-label={texts.endOf(stamp)} onClick={() => void end()}>
          {texts.end}
        </Button>
      )}
    </li>
  );
}

function deviceText(texts: Texts["account"]["sessions"], { device }: SessionRow): string {
  const { browser = "", system = "" } = device ?? {};
  if (browser !== "" && system !== "") return texts.device(browser, system);
  return browser || system || texts.unknownDevice;
}
