import { LogOut } from "lucide-react";
import { type ReactNode } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { useTheme } from "@/hooks/useTheme.ts";
import { type Me } from "@/lib/backend.ts";
import { themeOptions } from "./AccountMenu.tsx";
import { useSignOut } from "./useSession.ts";

/** The signed-in account, and how the page looks for it on this device. */
export function AccountSettings({ me }: { me: Me }) {
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut();
  return (
    <>
      <Card title="Account">
        <dl className="divide-y divide-line text-sm">
          <Row label="Name">{me.name ?? "–"}</Row>
          <Row label="E-mail">{me.email}</Row>
          <Row label="Workspace">
            {me.workspace.name}
            <span className="ml-2 rounded-sm border border-line bg-sunken px-1.5 text-xs text-ink-soft">
              {me.workspace.role}
            </span>
          </Row>
        </dl>
        <footer className="flex justify-end border-t border-line px-4 py-2.5">
          <Button icon={<LogOut />} onClick={() => void signOut()}>
            Sign out
          </Button>
        </footer>
      </Card>
      <Card title="Appearance" description="On this device only.">
        <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 text-sm">
          Theme
          <Segmented label="Theme" value={theme} options={themeOptions} onChange={setTheme} />
        </div>
      </Card>
    </>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid min-h-10 grid-cols-[8.5rem_1fr] items-center gap-2 px-4 py-1">
      <dt className="text-ink-faint">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
