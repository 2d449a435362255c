import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { canAdminister } from "@/lib/roles.ts";

/** What the workspace is called, and what one may do in it. */
export function WorkspaceSettings({ workspace }: { workspace: Me["workspace"] }) {
  const { workspace: texts, common, people } = useTexts();
  return (
    <Card title={texts.title}>
      <Facts>
        {!canAdminister(workspace.role) && <Fact label={texts.name}>{workspace.name}</Fact>}
        <Fact label={texts.yourRole}>
          <Badge>{common.roles[workspace.role]}</Badge>{" "}
          <span className="text-ink-soft">{people.roles[workspace.role]}</span>
        </Fact>
      </Facts>
      {canAdminister(workspace.role) && (
        <RenameForm key={workspace.workspaceId} name={workspace.name} />
      )}
    </Card>
  );
}

function RenameForm({ name }: { name: string }) {
  const { workspace: texts, common } = useTexts();
  const { call, isPending, error } = useCall(api.workspaces.rename);
  const [draft, setDraft] = useState(name);
  const isSame = draft.trim() === name || draft.trim() === "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending || isSame) return;
    try {
      await call({ name: draft.trim() });
      toast.success(texts.renamed);
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
          label={texts.name}
          autoComplete="off"
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
