import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { AccountSettings } from "@/features/account/AccountSettings.tsx";
import { MonitorSettings } from "@/features/monitor/MonitorSettings.tsx";
import { useMonitor } from "@/features/monitor/useMonitor.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useMe } from "../useMe.ts";

/** The account, this device, and the monitor itself. */
export function Component() {
  useDocumentTitle("Settings");
  const me = useMe();
  const health = useMonitor();
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid max-w-3xl gap-4">
        <AccountSettings me={me} />
        <MonitorSettings health={health} />
      </div>
    </>
  );
}
