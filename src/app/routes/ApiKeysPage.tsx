import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** Keys for scripts. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.apiKeys);
  return <PageHeader title={texts.places.apiKeys} />;
}
