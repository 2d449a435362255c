import { Retryable } from "@/components/ui/Retryable.tsx";
import { StatusPages } from "@/features/statusPages/StatusPages.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useMe } from "../useMe.ts";

/** What is published to people outside. */
export function Component() {
  const { statusPages: texts } = useTexts();
  const { role } = useMe().workspace;
  useDocumentTitle(texts.title);
  return (
    <Retryable>
      {(retry) => (
        <StatusPages
          canManage={role === "owner" || role === "admin"}
          canEdit={role !== "viewer"}
          onRetry={retry}
        />
      )}
    </Retryable>
  );
}
