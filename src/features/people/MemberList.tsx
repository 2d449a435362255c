import { Crown, Ellipsis, UserMinus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Menu, MenuItem } from "@/components/ui/Menu.tsx";
import { Select } from "@/components/ui/Select.tsx";
import { Table, Td, Th } from "@/components/ui/Table.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me, type MemberRow, type Role } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDate } from "@/lib/format.ts";
import { RemoveMemberDialog, TransferDialog } from "./MemberDialogs.tsx";
import { givenRoles } from "./roles.ts";

/** Who is in the workspace. Admins change roles and remove; the owner can hand the workspace over. */
export function MemberList({
  workspace,
  onRetry,
}: {
  workspace: Me["workspace"];
  onRetry: () => void;
}) {
  const { people: texts } = useTexts();
  const { data: members, error } = useLiveQuery(api.members.list, {});
  const [asked, setAsked] = useState<{ what: "remove" | "transfer"; member: MemberRow } | null>(
    null,
  );
  const askAbout = (what: "remove" | "transfer") =>
    asked !== null && asked.what === what ? asked.member : null;

  if (error !== null) {
    return (
      <Card title={texts.members}>
        <ErrorView title={texts.membersFailed} error={error} onRetry={onRetry} />
      </Card>
    );
  }
  return (
    <Card title={texts.members}>
      {members === undefined ? (
        <LoadingRows label={texts.membersLoading} count={3} />
      ) : (
        <Table
          label={texts.members}
          head={
            <>
              <Th>{texts.columns.who}</Th>
              <Th>{texts.columns.role}</Th>
              <Th className="hidden sm:table-cell">{texts.columns.joined}</Th>
              <Th>
                <span className="sr-only">{texts.columns.actions}</span>
              </Th>
            </>
          }
        >
          {members.map((member) => (
            <Row
              key={member.memberId}
              member={member}
              myRole={workspace.role}
              onAsk={(what) => setAsked({ what, member })}
            />
          ))}
        </Table>
      )}
      <RemoveMemberDialog member={askAbout("remove")} onClose={() => setAsked(null)} />
      <TransferDialog
        member={askAbout("transfer")}
        workspaceName={workspace.name}
        onClose={() => setAsked(null)}
      />
    </Card>
  );
}

function Row({
  member,
  myRole,
  onAsk,
}: {
  member: MemberRow;
  myRole: Role;
  onAsk: (what: "remove" | "transfer") => void;
}) {
  const { people: texts, common } = useTexts();
  const isAdmin = myRole === "owner" || myRole === "admin";
  const canChange = isAdmin && !member.isYou && member.role !== "owner";
  return (
    <tr>
      <Td>
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          <span className="wrap-anywhere">{member.name || member.email}</span>
          {member.isYou && <Badge tone="accent">{texts.you}</Badge>}
        </p>
        <p className="text-xs wrap-anywhere text-ink-faint">
          <Email address={member.email} />
        </p>
      </Td>
      <Td>
        {canChange ? <RoleChoice member={member} /> : <Badge>{common.roles[member.role]}</Badge>}
      </Td>
      <Td className="hidden whitespace-nowrap text-ink-soft sm:table-cell">
        {formatDate(member.joinedAt)}
      </Td>
      <Td className="w-10 text-right">
        {canChange && (
          <Menu
            trigger={
              <IconButton label={texts.actionsFor(member.name || member.email)}>
                <Ellipsis />
              </IconButton>
            }
          >
            {myRole === "owner" && (
              <MenuItem icon={<Crown />} onSelect={() => onAsk("transfer")}>
                {texts.makeOwner}
              </MenuItem>
            )}
            <MenuItem icon={<UserMinus />} isDanger onSelect={() => onAsk("remove")}>
              {texts.removeMember}
            </MenuItem>
          </Menu>
        )}
      </Td>
    </tr>
  );
}

function RoleChoice({ member }: { member: MemberRow }) {
  const { people: texts, common } = useTexts();
  const { call, isPending } = useCall(api.members.setRole);
  const name = member.name || member.email;
  const options = givenRoles.map((role) => ({ value: role, label: common.roles[role] }));
  const change = async (role: (typeof givenRoles)[number]) => {
    try {
      const { keysLeft } = await call({ memberId: member.memberId, role });
      toast.success(
        texts.roleChanged(name, common.roles[role]),
        keysLeft === 0 ? {} : { description: texts.keysLeft(keysLeft) },
      );
    } catch (error) {
      toast.error(texts.roleNotChanged, { description: messageOf(error) });
    }
  };
  return (
    <span className="inline-block w-31 sm:w-32">
      <Select
        label={texts.roleOf(name)}
        value={member.role === "owner" ? "admin" : member.role}
        options={options}
        isDisabled={isPending}
        onChange={(role) => void change(role)}
      />
    </span>
  );
}

/** Breaks after the @ first, where there is no room for all of it. */
function Email({ address }: { address: string }) {
  const [name = "", host] = address.split("@");
  return (
    <>
      {name}
      {host !== undefined && (
        <>
          @<wbr />
          {host}
        </>
      )}
    </>
  );
}
