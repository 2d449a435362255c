import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { type MonitorHealth } from "./useMonitor.ts";

/** Whom the monitor tells that it lives: its own death is noticed there. */
export function SelfHeartbeatCard({
  health,
  canChange,
}: {
  health: MonitorHealth | null;
  canChange: boolean;
}) {
  const { monitor, common } = useTexts();
  const texts = monitor.self;
  const self = health?.selfHeartbeat ?? null;
  return (
    <Card title={texts.title} description={texts.detail}>
      {self === null ? (
        health !== null && (
          <Notice kind="warning" className="m-4">
            {texts.none}
          </Notice>
        )
      ) : (
        <Facts>
          <Fact label={texts.target}>
            <span className="font-mono text-xs">{self.target}</span>
          </Fact>
          <Fact label={texts.lastSuccess}>
            {self.lastSuccessAt === null ? common.never : <Age at={self.lastSuccessAt} />}
          </Fact>
          {self.lastError !== null && (
            <Fact label={texts.failing}>
              <span className="text-offline">{self.lastError}</span>
            </Fact>
          )}
        </Facts>
      )}
      {canChange ? (
        <AddressForm key={self?.target} hasAddress={self !== null} />
      ) : (
        <p className="border-t border-line px-4 py-2.5 text-xs text-ink-faint">
          {texts.onlyAdmins}
        </p>
      )}
    </Card>
  );
}

function AddressForm({ hasAddress }: { hasAddress: boolean }) {
  const { monitor } = useTexts();
  const texts = monitor.self;
  const { call, isPending, error } = useCall(api.monitor.setSelfHeartbeat);
  const [url, setUrl] = useState("");
  const save = async (address: string | null) => {
    if (isPending) return;
    try {
      await call({ url: address });
      toast.success(address === null ? texts.cleared : texts.saved);
      setUrl("");
    } catch {
      // Shown below from the call's error.
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== "") void save(url.trim());
  };
  return (
    <form
      noValidate
      onSubmit={submit}
      className="flex flex-wrap items-end gap-2 border-t border-line px-4 py-3"
    >
      <div className="min-w-56 flex-1">
        <TextField
          label={texts.address}
          type="url"
          autoComplete="off"
          spellCheck={false}
          placeholder={texts.placeholder}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          error={error === null ? null : messageOf(error)}
        />
      </div>
      <Button type="submit" isPending={isPending} disabled={url.trim() === ""} className="h-9">
        {hasAddress ? texts.replace : texts.set}
      </Button>
      {hasAddress && (
        <Button variant="dangerOutline" className="h-9" onClick={() => void save(null)}>
          {texts.clear}
        </Button>
      )}
    </form>
  );
}
