import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { ApiKeyList } from "@/features/apiKeys/ApiKeyList.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { canAdminister } from "@/lib/roles.ts";
import { useMe } from "../useMe.ts";

/** Keys for scripts. */
export function Component() {
  const { app, apiKeys: texts } = useTexts();
  const { workspace } = useMe();
  useDocumentTitle(app.places.apiKeys);
  return (
    <>
      <PageHeader title={app.places.apiKeys} lead={texts.lead} />
      <div className="max-w-4xl">
        {canAdminister(workspace.role) ? (
          <Retryable>{(retry) => <ApiKeyList onRetry={retry} />}</Retryable>
        ) : (
          <Notice kind="info">{texts.onlyAdmins}</Notice>
        )}
      </div>
    </>
  );
}
