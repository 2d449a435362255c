import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** What is published to people outside. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.statusPages);
  return <PageHeader title={texts.places.statusPages} />;
}
