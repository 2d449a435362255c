import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { ShownOnce } from "@/components/ui/ShownOnce.tsx";
import { paths } from "@/config/paths.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { newInviteToken } from "@/lib/credentials.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { DAY } from "../../../core/time.ts";
import { type GivenRole, givenRoles } from "./roles.ts";

const lifetimesMs = { day: DAY, week: 7 * DAY, month: 30 * DAY };
type Lifetime = keyof typeof lifetimesMs;

interface Made {
  link: string;
  role: GivenRole;
}

/** Makes a link that lets one person in, and shows it once. */
export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { people: texts, common } = useTexts();
  const [made, setMade] = useState<Made | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && close()}
      title={made === null ? texts.dialogTitle : texts.linkTitle}
      description={made === null ? texts.dialogDetail : texts.linkDetail(common.roles[made.role])}
    >
      {made === null ? (
        <InviteForm onMade={setMade} onCancel={close} />
      ) : (
        <LinkStep link={made.link} onDone={close} />
      )}
    </Dialog>
  );
}

function InviteForm({ onMade, onCancel }: { onMade: (made: Made) => void; onCancel: () => void }) {
  const { people: texts, common } = useTexts();
  const { call, isPending, error } = useCall(api.invites.create);
  const [role, setRole] = useState<GivenRole>("member");
  const [email, setEmail] = useState("");
  const [lifetime, setLifetime] = useState<Lifetime>("week");
  const isEmailError = fieldOf(error) === "email";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    const token = newInviteToken();
    const address = email.trim();
    try {
      await call({
        token,
        role,
        lifetimeMs: lifetimesMs[lifetime],
        ...(address !== "" && { email: address }),
      });
      onMade({ role, link: `${location.origin}${paths.invite.href(token)}` });
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <SelectField
          label={texts.roleLabel}
          value={role}
          options={givenRoles.map((value) => ({ value, label: common.roles[value] }))}
          onChange={setRole}
          hint={texts.roles[role]}
        />
        <TextField
          label={texts.email}
          isOptional
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          hint={texts.emailHint}
          error={isEmailError ? texts.emailWrong : null}
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
        {error !== null && !isEmailError && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {texts.makeLink}
        </Button>
      </DialogFooter>
    </form>
  );
}

function LinkStep({ link, onDone }: { link: string; onDone: () => void }) {
  const { people: texts, common } = useTexts();
  const { data: installation } = useLiveQuery(api.installation.status, {});
  return (
    <>
      <DialogBody className="grid gap-3">
        <ShownOnce
          label={texts.link}
          secret={link}
          copyLabel={texts.copyLink}
          warning={texts.linkOnce}
        />
        {installation?.signUps === "closed" && (
          <Notice kind="info">{texts.signUpsAreClosed}</Notice>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onDone}>{common.done}</Button>
      </DialogFooter>
    </>
  );
}
