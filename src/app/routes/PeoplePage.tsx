import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** Who is in the workspace, and who is invited. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.places.people);
  return <PageHeader title={texts.places.people} />;
}
