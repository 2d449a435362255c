import { type ReactNode } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { TabLinks } from "@/components/ui/Tabs.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { paths, type SettingsSection } from "@/config/paths.ts";
import { AccountSettings } from "@/features/account/AccountSettings.tsx";
import { AppearanceCard } from "@/features/account/AppearanceCard.tsx";
import { DeleteAccountCard } from "@/features/account/DeleteAccountCard.tsx";
import { PasswordCard } from "@/features/account/PasswordCard.tsx";
import { SessionsCard } from "@/features/account/SessionsCard.tsx";
import { MonitorSettings } from "@/features/monitor/MonitorSettings.tsx";
import { RepairsCard } from "@/features/monitor/RepairsCard.tsx";
import { SelfHeartbeatCard } from "@/features/monitor/SelfHeartbeatCard.tsx";
import { useMonitor } from "@/features/monitor/useMonitor.ts";
import { CleanUpCard } from "@/features/workspace/CleanUpCard.tsx";
import { DefaultsCard } from "@/features/workspace/DefaultsCard.tsx";
import { EnrolmentKeysCard } from "@/features/workspace/EnrolmentKeysCard.tsx";
import { LeaveWorkspace } from "@/features/workspace/LeaveWorkspace.tsx";
import { ShelfCard } from "@/features/workspace/ShelfCard.tsx";
import { WorkspaceSettings } from "@/features/workspace/WorkspaceSettings.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Me } from "@/lib/backend.ts";
import { canAdminister } from "@/lib/roles.ts";
import { useMe } from "../useMe.ts";

const sections: Record<SettingsSection, (me: Me) => ReactNode> = {
  workspace: (me) => <WorkspaceSection me={me} />,
  machines: (me) => <MachinesSection me={me} />,
  monitor: (me) => <MonitorSection me={me} />,
};
const sectionNames = Object.keys(sections) as SettingsSection[];

/** The account and this device, the workspace, what becomes of its machines, and the monitor itself. */
export function Component() {
  const { app } = useTexts();
  useDocumentTitle(app.places.settings);
  const me = useMe();
  const params = useParams();
  const section = sectionNames.find((name) => name === params["section"]);
  const links = [undefined, ...sectionNames].map((name) => ({
    href: paths.settings.href(name),
    label: app.settingsSections[name ?? "account"],
    isCurrent: name === section,
  }));
  return (
    <>
      <PageHeader title={app.places.settings} />
      <TabLinks
        label={app.places.settings}
        links={links}
        renderLink={({ href, label, isCurrent }, className) => (
          <Link to={href} aria-current={isCurrent ? "page" : undefined} className={className}>
            {label}
          </Link>
        )}
      />
      <div className="grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-4">
        {section === undefined ? (
          <Retryable>{(retry) => <AccountSection onRetry={retry} />}</Retryable>
        ) : (
          sections[section](me)
        )}
      </div>
    </>
  );
}

function AccountSection({ onRetry }: { onRetry: () => void }) {
  const { account: texts } = useTexts();
  const { data: account, error } = useLiveQuery(api.accounts.get, {});
  if (error !== null) return <ErrorView title={texts.loadFailed} error={error} onRetry={onRetry} />;
  return (
    <>
      {account === undefined ? (
        <LoadingRows label={texts.settingsPage.title} count={3} />
      ) : (
        <AccountSettings account={account} />
      )}
      <AppearanceCard />
      {account !== undefined && (
        <PasswordCard email={account.email} hasPassword={account.hasPassword} />
      )}
      <Retryable>{(retry) => <SessionsCard onRetry={retry} />}</Retryable>
      {account !== undefined && <DeleteAccountCard account={account} />}
    </>
  );
}

function WorkspaceSection({ me: { workspace } }: { me: Me }) {
  const navigate = useNavigate();
  return (
    <>
      <WorkspaceSettings workspace={workspace} />
      <LeaveWorkspace workspace={workspace} onGone={() => void navigate(paths.fleet.href())} />
    </>
  );
}

function MachinesSection({ me: { workspace } }: { me: Me }) {
  const isAdmin = canAdminister(workspace.role);
  return (
    <>
      <Retryable>{(retry) => <DefaultsCard canChange={isAdmin} onRetry={retry} />}</Retryable>
      <Retryable>
        {(retry) => <ShelfCard canChange={workspace.role !== "viewer"} onRetry={retry} />}
      </Retryable>
      <Retryable>{(retry) => <CleanUpCard canChange={isAdmin} onRetry={retry} />}</Retryable>
      {isAdmin && <Retryable>{(retry) => <EnrolmentKeysCard onRetry={retry} />}</Retryable>}
    </>
  );
}

function MonitorSection({ me: { workspace } }: { me: Me }) {
  const health = useMonitor();
  return (
    <>
      <MonitorSettings health={health} />
      <SelfHeartbeatCard health={health} canChange={canAdminister(workspace.role)} />
      <Retryable>{(retry) => <RepairsCard onRetry={retry} />}</Retryable>
    </>
  );
}
