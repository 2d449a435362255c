import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { displayName } from "@/features/account/AccountMenu.tsx";
import { Incidents } from "@/features/incidents/Incidents.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useMe } from "../useMe.ts";

/** When machines fell silent. */
export function Component() {
  const { incidents: texts } = useTexts();
  const me = useMe();
  useDocumentTitle(texts.title);
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <Incidents me={displayName(me)} canEdit={me.workspace.role !== "viewer"} />
    </>
  );
}
