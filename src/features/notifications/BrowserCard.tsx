import { Bell, BellOff, BellRing } from "lucide-react";
import { type ReactNode } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { messageOf } from "@/lib/errors.ts";
import { cn } from "@/lib/cn.ts";
import { useBrowserPush } from "./useBrowserPush.ts";

/** Messages on this very screen, while the page is closed. The channel that this makes is in the list of channels. */
export function BrowserCard({ workspaceId }: { workspaceId: string }) {
  const { notifications } = useTexts();
  const texts = notifications.browser;
  const push = useBrowserPush(workspaceId);
  const { state, isPending } = push;
  const turnOn = async () => {
    if ((await push.turnOn()) && Notification.permission === "granted") {
      toast.success(texts.started);
    }
  };
  const turnOff = async () => {
    if (await push.turnOff()) toast(texts.stopped);
  };
  return (
    <Card title={texts.title} description={texts.lead}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <StateIcon isOn={state === "on"}>
          {state === "on" ? <BellRing /> : state === "blocked" ? <BellOff /> : <Bell />}
        </StateIcon>
        <p role="status" className="min-w-48 flex-1 text-sm text-ink-soft">
          {texts[state]}
        </p>
        {state === "off" && (
          <Button isPending={isPending} onClick={() => void turnOn()}>
            {texts.turnOn}
          </Button>
        )}
        {state === "on" && (
          <Button variant="ghost" isPending={isPending} onClick={() => void turnOff()}>
            {texts.turnOff}
          </Button>
        )}
      </div>
      {push.error !== null && (
        <div className="px-4 pb-3">
          <Notice kind="error">
            {texts.failed}: {messageOf(push.error)}
          </Notice>
        </div>
      )}
    </Card>
  );
}

function StateIcon({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "flex size-9 shrink-0 items-center justify-center rounded-md [&_svg]:size-4.5",
        isOn ? "bg-online-soft text-online" : "bg-sunken text-ink-soft",
      )}
    >
      {children}
    </span>
  );
}
