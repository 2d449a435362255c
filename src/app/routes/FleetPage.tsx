import { Plus } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { type FirstToken } from "@/features/enrolment/FirstMachine.tsx";
import { Fleet } from "@/features/fleet/Fleet.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useMe } from "../useMe.ts";

// Loaded when it is first opened: a fleet is looked at far more often than it grows.
const AddMachineDialog = lazy(() =>
  import("@/features/enrolment/AddMachineDialog.tsx").then(({ AddMachineDialog }) => ({
    default: AddMachineDialog,
  })),
);
const FirstMachine = lazy(() =>
  import("@/features/enrolment/FirstMachine.tsx").then(({ FirstMachine }) => ({
    default: FirstMachine,
  })),
);
const ConnectDialog = lazy(() =>
  import("@/features/enrolment/ConnectDialog.tsx").then(({ ConnectDialog }) => ({
    default: ConnectDialog,
  })),
);

/** All machines, and the way to add one. */
export function Component() {
  const { fleet: texts } = useTexts();
  const [dialog, setDialog] = useState<"unopened" | "open" | "closed">("unopened");
  const [first, setFirst] = useState<FirstToken | null>(null);
  const canEdit = useMe().workspace.role !== "viewer";
  const [params, setParams] = useSearchParams();
  const connecting = canEdit ? params.get("connect") : null;
  const stopConnecting = () =>
    setParams(
      (previous) => {
        previous.delete("connect");
        return previous;
      },
      { replace: true, preventScrollReset: true },
    );
  const openDialog = () => setDialog("open");
  // The command palette and links come with ?add=1: the dialog opens once, and the address forgets it.
  const isAsked = params.has("add");
  if (isAsked && dialog !== "open") setDialog("open");
  useEffect(() => {
    if (!isAsked) return;
    setParams(
      (previous) => {
        previous.delete("add");
        return previous;
      },
      { replace: true },
    );
  }, [isAsked, setParams]);
  useDocumentTitle(texts.title);
  return (
    <>
      <PageHeader
        title={texts.title}
        action={
          canEdit && (
            <Button variant="primary" icon={<Plus />} onClick={openDialog}>
              {texts.addMachine}
            </Button>
          )
        }
      />
      <Retryable>
        {(retry) => (
          <Fleet
            canEdit={canEdit}
            isWelcoming={first !== null}
            welcome={
              canEdit ? (
                <Suspense>
                  <FirstMachine
                    made={first}
                    onMade={setFirst}
                    onMore={openDialog}
                    onDone={() => setFirst(null)}
                  />
                </Suspense>
              ) : null
            }
            onRetry={retry}
          />
        )}
      </Retryable>
      {dialog !== "unopened" && (
        <Suspense>
          <AddMachineDialog isOpen={dialog === "open"} onClose={() => setDialog("closed")} />
        </Suspense>
      )}
      {connecting !== null && (
        <Suspense>
          <ConnectDialog key={connecting} machineId={connecting} onClose={stopConnecting} />
        </Suspense>
      )}
    </>
  );
}
