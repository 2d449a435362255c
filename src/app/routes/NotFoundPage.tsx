import { Compass } from "lucide-react";
import { Link, useLocation } from "react-router";
import { buttonClass } from "@/components/ui/Button.tsx";
import { EmptyView } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** An address that leads nowhere. */
export function Component() {
  const { app: texts } = useTexts();
  useDocumentTitle(texts.notFound);
  const [before, after] = texts.nothingAt;
  const { pathname } = useLocation();
  return (
    <>
      <h1 className="sr-only">{texts.notFound}</h1>
      <EmptyView
        icon={<Compass />}
        title={texts.noSuchPage}
        action={
          <Link to={paths.fleet.href()} className={buttonClass("secondary")}>
            {texts.toFleet}
          </Link>
        }
      >
        {before}
        <code className="font-mono break-all">{pathname}</code>
        {after}
      </EmptyView>
    </>
  );
}
