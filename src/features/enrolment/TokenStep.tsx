import { Terminal, Zap } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { CopyButton } from "@/components/ui/CopyButton.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { agentCommand, curlCommand } from "./commands.ts";
import { FirstBeatChecklist } from "./FirstBeatChecklist.tsx";

const ways = [
  { value: "curl", label: "Try it now", icon: <Zap aria-hidden="true" /> },
  { value: "agent", label: "Agent", icon: <Terminal aria-hidden="true" /> },
] as const;
type Way = (typeof ways)[number]["value"];

/** The token, shown this once, the line to paste, and what has arrived so far. */
export function TokenStep({
  machineId,
  token,
  siteUrl,
  isAskingToClose,
  onTokenSaved,
  onStay,
  onClose,
}: {
  machineId: string;
  token: string;
  siteUrl: string | null;
  isAskingToClose: boolean;
  onTokenSaved: () => void;
  onStay: () => void;
  onClose: () => void;
}) {
  const [way, setWay] = useState<Way>("curl");
  return (
    <>
      <DialogBody className="grid gap-5">
        <section aria-label="Token" className="grid gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <output
              aria-label="Machine token"
              data-testid="machine-token"
              className="min-w-0 flex-1 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 break-all select-all"
            >
              {token}
            </output>
            <CopyButton
              variant="primary"
              text={token}
              label="Copy token"
              onCopied={onTokenSaved}
              className="w-full sm:w-32"
            />
          </div>
          <p className="text-xs text-ink-faint">
            Shown this once. It is <span className="text-ink-soft">machine id : secret</span>;
            whoever has it can report for this machine and do nothing else.
          </p>
        </section>

        <section aria-label="Commands" className="grid gap-2">
          <Segmented label="How to connect" value={way} options={ways} onChange={setWay} />
          {siteUrl === null ? (
            <Skeleton className="h-15" />
          ) : way === "curl" ? (
            <>
              <CodeBlock
                code={curlCommand(siteUrl, token)}
                label="curl command"
                onCopied={onTokenSaved}
              />
              <p className="text-xs text-ink-faint">
                One heartbeat from any shell. In a cron job it already watches a machine.
              </p>
            </>
          ) : (
            <>
              <CodeBlock
                code={agentCommand(siteUrl, token)}
                label="agent command"
                onCopied={onTokenSaved}
              />
              <p className="text-xs text-ink-faint">
                In a clone of Rollcall on the machine: registers it and reports CPU, memory, disk
                and network. It opens no port and runs nothing that the server sends.
              </p>
            </>
          )}
        </section>

        <FirstBeatChecklist machineId={machineId} onFirstBeat={onTokenSaved} />
        {isAskingToClose && (
          <Notice kind="warning">
            You have not copied the token. It cannot be shown again; a lost token means adding the
            machine anew.
          </Notice>
        )}
      </DialogBody>
      <DialogFooter>
        {isAskingToClose ? (
          <>
            <Button variant="ghost" onClick={onClose}>
              Close anyway
            </Button>
            <Button variant="primary" onClick={onStay}>
              Go back
            </Button>
          </>
        ) : (
          <>
            <Link
              to={paths.machine.href(machineId)}
              onClick={onTokenSaved}
              className={buttonClass("ghost")}
            >
              Open its page
            </Link>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </>
        )}
      </DialogFooter>
    </>
  );
}
