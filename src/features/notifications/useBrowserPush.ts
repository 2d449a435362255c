import { useAction, useMutation } from "convex/react";
import { useEffect, useState } from "react";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { deviceOf } from "@/lib/device.ts";

/**
 * unsupported, insecure: cannot work here · checking: the browser is being asked · blocked: the person said no ·
 * off, on: as it is.
 */
export type PushState = "unsupported" | "insecure" | "checking" | "blocked" | "off" | "on";

export interface BrowserPush {
  state: PushState;
  /** This browser's channel in this workspace. */
  channelId: Channel["channelId"] | null;
  isPending: boolean;
  error: Error | null;
  turnOn: () => Promise<boolean>;
  turnOff: () => Promise<boolean>;
}

const WORKER = "/sw.js";

/** Whether this browser shows the messages of this workspace while the page is closed, and the way to change that. */
export function useBrowserPush(workspaceId: string): BrowserPush {
  const { notifications: texts } = useTexts();
  const isSupported = "serviceWorker" in navigator && "PushManager" in globalThis;
  const { data: browsers } = useLiveQuery(api.push.list, {});
  const [endpoint, setEndpoint] = useState<string | null | undefined>(undefined);
  const [permission, setPermission] = useState(() =>
    "Notification" in globalThis ? Notification.permission : "denied",
  );
  const [call, setCall] = useState<{ isPending: boolean; error: Error | null }>(idle);
  const publicKey = useAction(api.push.publicKey);
  const subscribe = useMutation(api.push.subscribe);
  const unsubscribe = useMutation(api.push.unsubscribe);

  useEffect(() => {
    if (!isSupported) return;
    let isCurrent = true;
    void currentSubscription().then((subscription) => {
      if (isCurrent) setEndpoint(subscription?.endpoint ?? null);
    });
    return () => {
      isCurrent = false;
    };
  }, [isSupported]);

  const own = browsers?.find(
    (browser) => browser.endpoint === endpoint && browser.workspaceId === workspaceId,
  );

  const attempt = async (action: () => Promise<void>): Promise<boolean> => {
    setCall({ isPending: true, error: null });
    try {
      await action();
      setCall(idle);
      return true;
    } catch (error) {
      setCall({
        isPending: false,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      return false;
    }
  };

  const turnOn = () =>
    attempt(async () => {
      const answer = await Notification.requestPermission();
      setPermission(answer);
      if (answer !== "granted") return;
      const registration = await navigator.serviceWorker.register(WORKER);
      await navigator.serviceWorker.ready;
      const old = await registration.pushManager.getSubscription();
      // Somebody else's who used this browser before: it is theirs, and ends here.
      const isForeign =
        old !== null && !(browsers ?? []).some((known) => known.endpoint === old.endpoint);
      if (isForeign) await old.unsubscribe();
      const subscription =
        old !== null && !isForeign
          ? old
          : await registration.pushManager.subscribe({
              userVisibleOnly: true,
              applicationServerKey: await publicKey({}),
            });
      const { keys } = subscription.toJSON();
      await subscribe({
        endpoint: subscription.endpoint,
        p256dh: keys?.["p256dh"] ?? "",
        auth: keys?.["auth"] ?? "",
        browser: browserName(texts.browser.nameOf),
      });
      setEndpoint(subscription.endpoint);
    });

  const turnOff = () =>
    attempt(async () => {
      const subscription = await currentSubscription();
      const usedElsewhere = (browsers ?? []).some(
        (browser) => browser.endpoint === endpoint && browser.workspaceId !== workspaceId,
      );
      if (typeof endpoint === "string") await unsubscribe({ endpoint });
      // Other workspaces of the same person may use it on.
      if (subscription !== null && !usedElsewhere) {
        await subscription.unsubscribe();
        setEndpoint(null);
      }
    });

  const state = (): PushState => {
    if (!globalThis.isSecureContext) return "insecure";
    if (!isSupported) return "unsupported";
    if (permission === "denied") return "blocked";
    if (endpoint === undefined || browsers === undefined) return "checking";
    return own === undefined ? "off" : "on";
  };
  return { state: state(), channelId: own?.channelId ?? null, ...call, turnOn, turnOff };
}

const idle = { isPending: false, error: null };

async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

function browserName(nameOf: (browser: string, system: string) => string): string {
  const { browser, system } = deviceOf(navigator.userAgent);
  return nameOf(browser ?? "Browser", system ?? "?");
}
