import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** Who changed what, and when. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.audit);
  return <PageHeader title={texts.places.audit} />;
}
