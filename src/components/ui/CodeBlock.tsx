import { useTexts } from "@/hooks/useTexts.ts";
import { CopyIconButton } from "./CopyButton.tsx";

/** A command to paste into a terminal, with a copy button. It wraps rather than scrolls: all of it can be checked. */
export function CodeBlock({
  code,
  label,
  onCopied,
}: {
  code: string;
  /** What the command is, for screen readers: "curl command". */
  label: string;
  onCopied?: () => void;
}) {
  const { common: texts } = useTexts();
  return (
    <div className="group flex items-start rounded-md border border-line bg-sunken">
      <pre
        aria-label={label}
        className="min-w-0 flex-1 py-2.5 pl-3 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap text-ink"
      >
        <code>{code}</code>
      </pre>
      <span className="p-1">
        <CopyIconButton text={code} label={texts.copy(label)} onCopied={onCopied} />
      </span>
    </div>
  );
}
