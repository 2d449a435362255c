import { Toaster } from "sonner";
import { useTheme } from "@/hooks/useTheme.ts";

/** Where toasts appear. A file of its own, loaded after the first paint: nothing is announced before. */
export function Toasts() {
  const [theme] = useTheme();
  return <Toaster theme={theme} position="bottom-right" closeButton toastOptions={toastOptions} />;
}

const toastOptions = {
  classNames: {
    toast: "!rounded-lg !border-line !bg-raised !text-ink !shadow-pop !font-sans",
    description: "!text-ink-soft",
  },
};
