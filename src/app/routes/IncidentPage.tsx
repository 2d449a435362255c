import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** One incident. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.incidents);
  return <PageHeader title={texts.places.incidents} />;
}
