import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { type ConvexReactClient } from "convex/react";
import { Tooltip } from "radix-ui";
import { type ReactNode } from "react";
import { Toaster } from "sonner";
import { useTheme } from "@/hooks/useTheme.ts";

/** What every page needs around it: the backend with its session, tooltips, toasts. */
export function Providers({
  client,
  children,
}: {
  client: ConvexReactClient;
  children: ReactNode;
}) {
  const [theme] = useTheme();
  return (
    <ConvexAuthProvider client={client} shouldHandleCode={false}>
      <Tooltip.Provider delayDuration={350}>{children}</Tooltip.Provider>
      <Toaster theme={theme} position="bottom-right" closeButton toastOptions={toastOptions} />
    </ConvexAuthProvider>
  );
}

const toastOptions = {
  classNames: {
    toast: "!rounded-lg !border-line !bg-raised !text-ink !shadow-pop !font-sans",
    description: "!text-ink-soft",
  },
};
