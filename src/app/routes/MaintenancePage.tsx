import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** When silence is planned. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.maintenance);
  return <PageHeader title={texts.places.maintenance} />;
}
