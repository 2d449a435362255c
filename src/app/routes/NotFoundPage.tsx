import { Compass } from "lucide-react";
import { Link, useLocation } from "react-router";
import { buttonClass } from "@/components/ui/Button.tsx";
import { EmptyView } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** An address that leads nowhere. */
export function Component() {
  useDocumentTitle("Not found");
  const { pathname } = useLocation();
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyView
        icon={<Compass />}
        title="There is no such page"
        action={
          <Link to={paths.fleet.href()} className={buttonClass("secondary")}>
            Go to the fleet
          </Link>
        }
      >
        Nothing lives at <code className="font-mono break-all">{pathname}</code>.
      </EmptyView>
    </>
  );
}
