import { Check, Copy } from "lucide-react";
import { useCopy } from "@/hooks/useCopy.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { Button, type ButtonProps } from "./Button.tsx";
import { IconButton } from "./IconButton.tsx";

/** Copies a text; says so on itself and to screen readers. */
export function CopyButton({
  text,
  label,
  onCopied,
  ...rest
}: {
  text: string;
  /** What is copied: "Copy token". */
  label: string;
  onCopied?: () => void;
} & Omit<ButtonProps, "children" | "icon" | "onClick">) {
  const { state, copy } = useCopy();
  const outcomes = useOutcomes();
  return (
    <Button
      icon={state === "copied" ? <Check className="animate-tick-in" /> : <Copy />}
      onClick={() => void copy(text).then((isCopied) => isCopied && onCopied?.())}
      {...rest}
    >
      <span aria-live="polite">{state === "idle" ? label : outcomes[state]}</span>
    </Button>
  );
}

/** The same without words, for the end of a line. */
export function CopyIconButton({
  text,
  label,
  onCopied,
}: {
  text: string;
  label: string;
  onCopied?: () => void;
}) {
  const { state, copy } = useCopy();
  const outcomes = useOutcomes();
  return (
    <>
      <IconButton
        label={state === "idle" ? label : outcomes[state]}
        onClick={() => void copy(text).then((isCopied) => isCopied && onCopied?.())}
      >
        {state === "copied" ? <Check className="animate-tick-in text-online" /> : <Copy />}
      </IconButton>
      <span aria-live="polite" className="sr-only">
        {state === "idle" ? "" : outcomes[state]}
      </span>
    </>
  );
}

function useOutcomes() {
  const { common: texts } = useTexts();
  return { copied: texts.copied, failed: texts.copyByHand };
}
