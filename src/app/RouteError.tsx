import { isRouteErrorResponse, useNavigate, useRouteError } from "react-router";
import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/Button.tsx";
import { EmptyView } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { messageOf } from "@/lib/errors.ts";

/** What a page shows in its place when it failed; the rest of the app stays usable. */
export function RouteError() {
  const { app: texts, common } = useTexts();
  const error = useRouteError();
  const navigate = useNavigate();
  const isOutdated = isChunkError(error);
  return (
    <div role="alert">
      <h1 className="sr-only">{texts.pageFailed}</h1>
      <EmptyView
        icon={<TriangleAlert className="text-offline" />}
        title={isOutdated ? texts.updated : texts.pageFailed}
        action={
          <>
            <Button variant="primary" icon={<RotateCw />} onClick={() => location.reload()}>
              {common.reload}
            </Button>
            <Button onClick={() => void navigate(paths.fleet.href())}>{texts.toFleet}</Button>
          </>
        }
      >
        {isOutdated ? texts.updatedDetail : sentenceOf(error)}
      </EmptyView>
    </div>
  );
}

function sentenceOf(error: unknown): string {
  return isRouteErrorResponse(error) ? `${error.status} ${error.statusText}` : messageOf(error);
}

/** A lazy page whose file is gone: the server has a newer build than this tab. */
function isChunkError(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)
  );
}
