import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { messageOf } from "@/lib/errors.ts";

/** One name and a button, at the end of a card. `rename` throws where it is refused; `error` is then shown. */
export function RenameForm({
  label,
  name,
  autoComplete,
  isPending,
  error,
  rename,
}: {
  label: string;
  name: string;
  autoComplete: "name" | "off";
  isPending: boolean;
  error: Error | null;
  rename: (name: string) => Promise<void>;
}) {
  const { common } = useTexts();
  const [draft, setDraft] = useState(name);
  const isSame = draft.trim() === name || draft.trim() === "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending || isSame) return;
    try {
      await rename(draft.trim());
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="flex items-end gap-2 border-t border-line px-4 py-3"
    >
      <div className="min-w-0 flex-1">
        <TextField
          label={label}
          autoComplete={autoComplete}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          error={error === null ? null : messageOf(error)}
        />
      </div>
      <Button type="submit" isPending={isPending} disabled={isSame} className="h-9">
        {common.save}
      </Button>
    </form>
  );
}
