import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { RenameForm } from "@/components/ui/RenameForm.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me } from "@/lib/backend.ts";
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
        <NameForm key={workspace.workspaceId} name={workspace.name} />
      )}
    </Card>
  );
}

function NameForm({ name }: { name: string }) {
  const { workspace: texts } = useTexts();
  const { call, isPending, error } = useCall(api.workspaces.rename);
  const rename = async (wanted: string) => {
    await call({ name: wanted });
    toast.success(texts.renamed);
  };
  return (
    <RenameForm label={texts.name} autoComplete="off" {...{ name, isPending, error, rename }} />
  );
}
