import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { api } from "@/lib/backend.ts";
import { newSigningSecret } from "@/lib/credentials.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";

/** Adds a webhook: where to post, and the secret that signs. */
export function AddChannelDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title="Add webhook"
      description="Rollcall posts JSON to it when a machine goes offline and when it is back."
    >
      <ChannelForm onDone={onClose} />
    </Dialog>
  );
}

interface Draft {
  name: string;
  url: string;
  secret: string;
}

function ChannelForm({ onDone }: { onDone: () => void }) {
  const [draft, setDraft] = useState<Draft>({ name: "", url: "", secret: "" });
  const [isChecked, setIsChecked] = useState(false);
  const { call, isPending, error } = useCall(api.channels.create);
  const problems = isChecked ? problemsOf(draft) : {};
  const serverField = fieldOf(error)?.replace(/^config\./, "");
  const isFieldError = serverField !== undefined && serverField in draft;
  const fields = (name: keyof Draft) => ({
    value: draft[name],
    error: problems[name] ?? (serverField === name ? messageOf(error) : null),
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value }),
    autoComplete: "off",
    spellCheck: false,
  });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || Object.keys(problemsOf(draft)).length > 0) return;
    const url = draft.url.trim();
    const secret = draft.secret.trim();
    try {
      await call({
        kind: "webhook",
        name: draft.name.trim() || new URL(url).host,
        config: { url, ...(secret !== "" && { secret }) },
      });
      toast.success("Webhook added", { description: "Send a test to see that it arrives." });
      onDone();
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label="Address"
          type="url"
          placeholder="https://hooks.example.com/rollcall"
          hint="http or https. Private addresses only where the installation allows them."
          {...fields("url")}
        />
        <TextField
          label="Name"
          isOptional
          placeholder="On-call chat"
          hint="Left empty, it is called after its host."
          {...fields("name")}
        />
        <div className="grid gap-1.5">
          <PasswordField
            label="Signing secret"
            isOptional
            hint="Each message carries X-Webhook-Signature: sha256=… (HMAC of the body with this secret)."
            {...fields("secret")}
            autoComplete="new-password"
          />
          <button
            type="button"
            onClick={() => setDraft({ ...draft, secret: newSigningSecret() })}
            className="w-fit rounded-sm text-xs font-medium text-accent-ink hover:underline"
          >
            Generate a secret
          </button>
        </div>
        {error !== null && !isFieldError && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          Add webhook
        </Button>
      </DialogFooter>
    </form>
  );
}

function problemsOf({ url }: Draft): Partial<Draft> {
  const text = url.trim();
  if (text === "") return { url: "Where should Rollcall post to?" };
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? {}
    : { url: "Write a whole http or https address, such as https://example.com/hook." };
}
