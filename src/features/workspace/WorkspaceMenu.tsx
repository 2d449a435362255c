import { Plus } from "lucide-react";
import { useNavigate } from "react-router";
import { MenuChoice, MenuItem, MenuSeparator } from "@/components/ui/Menu.tsx";
import { paths } from "@/config/paths.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Inside the account menu: the workspaces that one is in, and the way to a new one. */
export function WorkspaceMenu({
  current,
  onCreate,
}: {
  current: Me["workspace"];
  onCreate: () => void;
}) {
  const { workspace: texts } = useTexts();
  const { data: workspaces } = useLiveQuery(api.workspaces.list, {});
  const { call } = useCall(api.workspaces.select);
  const navigate = useNavigate();
  const rows = workspaces ?? [current];

  const select = async (workspaceId: string) => {
    const row = rows.find((candidate) => candidate.workspaceId === workspaceId);
    if (row === undefined || workspaceId === current.workspaceId) return;
    // With the menu, not with the frame of every page.
    const { toast } = await import("sonner");
    try {
      await call({ workspaceId: row.workspaceId });
      toast.success(texts.switched(row.name));
      // What is on screen belongs to the workspace that was left.
      void navigate(paths.fleet.href());
    } catch (error) {
      toast.error(texts.notSwitched, { description: messageOf(error) });
    }
  };

  return (
    <>
      <MenuChoice
        label={texts.switcher}
        value={current.workspaceId}
        options={rows.map(({ workspaceId, name }) => ({
          value: workspaceId,
          label: name,
        }))}
        onChange={(workspaceId) => void select(workspaceId)}
      />
      <MenuItem icon={<Plus />} onSelect={onCreate}>
        {texts.create}
      </MenuItem>
      <MenuSeparator />
    </>
  );
}
