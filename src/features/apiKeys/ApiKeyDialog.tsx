import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { ShownOnce } from "@/components/ui/ShownOnce.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type ApiKeyRow } from "@/lib/backend.ts";
import { newApiKey } from "@/lib/credentials.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { DAY } from "../../../core/time.ts";

const lifetimesMs = { month: 30 * DAY, quarter: 90 * DAY, year: 365 * DAY, never: null };
type Lifetime = keyof typeof lifetimesMs;
type Access = ApiKeyRow["access"];

interface Made {
  name: string;
  key: string;
}

/** Makes a key in the browser, keeps its hash on the server, and shows it this once. */
export function ApiKeyDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { apiKeys: texts } = useTexts();
  const [made, setMade] = useState<Made | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && close()}
      title={made === null ? texts.dialogTitle : texts.readyTitle}
      description={made === null ? texts.dialogDetail : texts.readyDetail(made.name)}
    >
      {made === null ? (
        <KeyForm onMade={setMade} onCancel={close} />
      ) : (
        <KeyStep made={made} onDone={close} />
      )}
    </Dialog>
  );
}

function KeyForm({ onMade, onCancel }: { onMade: (made: Made) => void; onCancel: () => void }) {
  const { apiKeys: texts, common } = useTexts();
  const { call, isPending, error } = useCall(api.apiKeys.create);
  const [name, setName] = useState("");
  const [access, setAccess] = useState<Access>("read");
  const [lifetime, setLifetime] = useState<Lifetime>("year");
  const [isChecked, setIsChecked] = useState(false);
  const isNameError = fieldOf(error) === "name";
  const nameProblem = isChecked && name.trim() === "" ? texts.nameMissing : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || name.trim() === "") return;
    const key = newApiKey();
    const lifetimeMs = lifetimesMs[lifetime];
    try {
      const wanted = { key, name: name.trim(), access };
      await call({ ...wanted, ...(lifetimeMs !== null && { lifetimeMs }) });
      onMade({ key, name: wanted.name });
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label={texts.name}
          placeholder={texts.namePlaceholder}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={nameProblem ?? (isNameError ? messageOf(error) : null)}
        />
        <SelectField
          label={texts.accessLabel}
          value={access}
          options={(["read", "write"] as const).map((value) => ({
            value,
            label: texts.access[value],
          }))}
          onChange={setAccess}
          hint={texts.accessHint[access]}
        />
        <SelectField
          label={texts.lifetime}
          value={lifetime}
          options={(Object.keys(lifetimesMs) as Lifetime[]).map((value) => ({
            value,
            label: texts.lifetimes[value],
          }))}
          onChange={setLifetime}
        />
        {error !== null && !isNameError && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {texts.create}
        </Button>
      </DialogFooter>
    </form>
  );
}

function KeyStep({ made, onDone }: { made: Made; onDone: () => void }) {
  const { apiKeys: texts, common } = useTexts();
  const { data: installation } = useLiveQuery(api.installation.status, {});
  return (
    <>
      <DialogBody className="grid gap-4">
        <ShownOnce
          label={texts.key}
          secret={made.key}
          copyLabel={texts.copyKey}
          warning={texts.once}
        />
        {installation !== undefined && (
          <div className="grid gap-1.5">
            <h3 className="text-sm font-medium">{texts.tryIt}</h3>
            <CodeBlock
              label={texts.curlCommand}
              code={`curl -H "Authorization: Bearer ${made.key}" \\\n  ${installation.siteUrl}/api/v1/machines`}
            />
          </div>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onDone}>{common.done}</Button>
      </DialogFooter>
    </>
  );
}
