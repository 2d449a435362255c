import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { paths } from "@/config/paths.ts";
import { AccountMenu } from "@/features/account/AccountMenu.tsx";
import { CreateWorkspaceDialog } from "@/features/workspace/CreateWorkspaceDialog.tsx";
import { WorkspaceMenu } from "@/features/workspace/WorkspaceMenu.tsx";
import { type Me } from "@/lib/backend.ts";

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
  const [isCreating, setIsCreating] = useState(false);
  const navigate = useNavigate();
  return (
    <>
      <AccountMenu me={me} trigger={trigger} side={side}>
        <WorkspaceMenu current={me.workspace} onCreate={() => setIsCreating(true)} />
      </AccountMenu>
      <CreateWorkspaceDialog
        isOpen={isCreating}
        onClose={() => setIsCreating(false)}
        onCreated={() => void navigate(paths.fleet.href())}
      />
    </>
  );
}
