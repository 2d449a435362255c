import { lazy, type ReactNode, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { paths } from "@/config/paths.ts";
import { AccountMenu } from "@/features/account/AccountMenu.tsx";
import { WorkspaceMenu } from "@/features/workspace/WorkspaceMenu.tsx";
import { type Me } from "@/lib/backend.ts";

const CreateWorkspaceDialog = lazy(() =>
  import("@/features/workspace/CreateWorkspaceDialog.tsx").then(({ CreateWorkspaceDialog }) => ({
    default: CreateWorkspaceDialog,
  })),
);

/** The account menu with the workspaces in it. */
export function Account({
  me,
  trigger,
  side,
}: {
  me: Me;
  trigger: ReactNode;
  side?: "top" | "bottom";
}) {
  const [creation, setCreation] = useState<"unopened" | "open" | "closed">("unopened");
  const navigate = useNavigate();
  return (
    <>
      <AccountMenu me={me} trigger={trigger} side={side}>
        <WorkspaceMenu current={me.workspace} onCreate={() => setCreation("open")} />
      </AccountMenu>
      {creation !== "unopened" && (
        <Suspense>
          <CreateWorkspaceDialog
            isOpen={creation === "open"}
            onClose={() => setCreation("closed")}
            onCreated={() => void navigate(paths.fleet.href())}
          />
        </Suspense>
      )}
    </>
  );
}
