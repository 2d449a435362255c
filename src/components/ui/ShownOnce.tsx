import { CopyButton } from "./CopyButton.tsx";
import { Notice } from "./Notice.tsx";

/** A secret that nobody can look up again: to copy now. */
export function ShownOnce({
  label,
  secret,
  warning,
  copyLabel,
  onCopied,
}: {
  /** What it is, for screen readers: "API key". */
  label: string;
  secret: string;
  warning: string;
  copyLabel: string;
  onCopied?: () => void;
}) {
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-sunken p-2 pl-3">
        <code aria-label={label} className="min-w-0 flex-1 font-mono text-sm break-all select-all">
          {secret}
        </code>
        <CopyButton text={secret} label={copyLabel} variant="primary" onCopied={onCopied} />
      </div>
      <Notice kind="warning">{warning}</Notice>
    </div>
  );
}
