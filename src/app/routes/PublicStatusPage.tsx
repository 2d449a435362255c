import { useParams } from "react-router";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** A published status page, for everybody who has its address. */
export function Component() {
  const { slug = "" } = useParams();
  useDocumentTitle(slug);
  return (
    <main className="mx-auto max-w-3xl px-4 py-8">
      <PageHeader title={slug} />
    </main>
  );
}
