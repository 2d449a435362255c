import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { InviteList } from "@/features/people/InviteList.tsx";
import { MemberList } from "@/features/people/MemberList.tsx";
import { RoleLegend } from "@/features/people/RoleLegend.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { canAdminister } from "@/lib/roles.ts";
import { useMe } from "../useMe.ts";

/** Who is in the workspace, and who is invited. */
export function Component() {
  const { app, people: texts } = useTexts();
  const { workspace } = useMe();
  useDocumentTitle(app.places.people);
  return (
    <>
      <PageHeader title={app.places.people} lead={texts.lead} />
      <div className="grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4">
        <Retryable>{(retry) => <MemberList workspace={workspace} onRetry={retry} />}</Retryable>
        {canAdminister(workspace.role) && (
          <Retryable>{(retry) => <InviteList onRetry={retry} />}</Retryable>
        )}
        <RoleLegend />
      </div>
    </>
  );
}
