import { Retryable } from "@/components/ui/Retryable.tsx";
import { Maintenance } from "@/features/maintenance/Maintenance.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useMe } from "../useMe.ts";

/** When silence is planned. */
export function Component() {
  const { maintenance: texts } = useTexts();
  const canEdit = useMe().workspace.role !== "viewer";
  useDocumentTitle(texts.title);
  return <Retryable>{(retry) => <Maintenance canEdit={canEdit} onRetry={retry} />}</Retryable>;
}
