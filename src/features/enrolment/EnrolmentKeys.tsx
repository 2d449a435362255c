import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { CopyButton } from "@/components/ui/CopyButton.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { KeyMaker } from "@/components/ui/KeyMaker.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNow } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatStamp } from "@/lib/format.ts";
import { enrolCommand } from "./commands.ts";
import { NewEnrolmentKey } from "./NewEnrolmentKey.tsx";
import { SecretText } from "./SecretText.tsx";

/** Keys with which machines add themselves: those that there are, a form for a new one, and its command. */
export function EnrolmentKeys({
  siteUrl,
  onBack,
  onClose,
}: {
  siteUrl: string | null;
  onBack: () => void;
  onClose: () => void;
}) {
  const { keys: texts } = useTexts().enrolment;
  const [key, setKey] = useState<string | null>(null);
  const me = useLiveQuery(api.users.me, {}).data;
  const role = me?.workspace.role;
  const mayManage = role === "owner" || role === "admin";
  return (
    <>
      <DialogBody className="grid gap-5">
        {role !== undefined && !mayManage && <Notice kind="info">{texts.adminsOnly}</Notice>}
        {mayManage &&
          (key === null ? (
            <NewEnrolmentKey onCreated={setKey} />
          ) : (
            <NewKey enrolmentKey={key} siteUrl={siteUrl} />
          ))}
        {mayManage && <KeyList />}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onBack}>
          {texts.back}
        </Button>
        <Button variant={key === null ? "secondary" : "primary"} onClick={onClose}>
          {texts.done}
        </Button>
      </DialogFooter>
    </>
  );
}

function NewKey({ enrolmentKey, siteUrl }: { enrolmentKey: string; siteUrl: string | null }) {
  const { keys: texts } = useTexts().enrolment;
  const pageUrl = window.location.origin;
  return (
    <section aria-label={texts.key} className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SecretText label={texts.key} text={enrolmentKey} />
        <CopyButton text={enrolmentKey} label={texts.copyKey} className="w-full sm:w-44" />
      </div>
      <p className="text-xs text-ink-faint">{texts.shownOnce}</p>
      {siteUrl === null ? (
        <Skeleton className="h-15" />
      ) : (
        <CodeBlock
          code={enrolCommand({ pageUrl, siteUrl, key: enrolmentKey })}
          label={texts.command}
        />
      )}
      <p className="text-xs text-ink-faint">{texts.commandNote}</p>
    </section>
  );
}

function KeyList() {
  const { keys: texts } = useTexts().enrolment;
  const { data: keys } = useLiveQuery(api.enrolment.listKeys, {});
  const revoke = useCall(api.enrolment.revokeKey);
  const now = useNow();
  if (keys === undefined) return <Skeleton className="h-15" />;
  if (keys.length === 0) return <p className="text-sm text-ink-faint">{texts.none}</p>;
  return (
    <ul aria-label={texts.list} className="divide-y divide-line rounded-md border border-line">
      {keys.map((key) => (
        <li key={key.enrolmentKeyId} className="flex flex-wrap items-center gap-3 px-3 py-2">
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{key.name}</span>
            <span className="block text-xs text-ink-faint">
              {[
                texts.ending(key.hint),
                texts.used(key.machines, key.maxMachines),
                key.expiresAt > now ? texts.expires(formatStamp(key.expiresAt)) : texts.expired,
              ].join(" · ")}
            </span>
            <KeyMaker {...key.createdBy} />
          </span>
          <Button
            variant="dangerOutline"
            aria-label={texts.revokeNamed(key.name)}
            onClick={() =>
              void revoke.call({ enrolmentKeyId: key.enrolmentKeyId }).then(
                () => toast.success(texts.revoked),
                (error: unknown) => toast.error(messageOf(error)),
              )
            }
          >
            {texts.revoke}
          </Button>
        </li>
      ))}
    </ul>
  );
}
