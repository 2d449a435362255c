import { useSearchParams } from "react-router";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { AuditLog } from "@/features/audit/AuditLog.tsx";
import { filterFrom, paramsOf } from "@/features/audit/auditFilter.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { canAdminister } from "@/lib/roles.ts";
import { useMe } from "../useMe.ts";

/** Who changed what, and when. */
export function Component() {
  const { app, audit: texts } = useTexts();
  const { workspace } = useMe();
  const [params, setParams] = useSearchParams();
  useDocumentTitle(app.places.audit);
  return (
    <>
      <PageHeader title={app.places.audit} lead={texts.lead} />
      {canAdminister(workspace.role) ? (
        <AuditLog
          filter={filterFrom(params)}
          onFilter={(filter) => setParams(paramsOf(filter), { preventScrollReset: true })}
        />
      ) : (
        <Notice kind="info">{texts.onlyAdmins}</Notice>
      )}
    </>
  );
}
