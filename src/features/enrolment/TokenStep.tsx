import { useState } from "react";
import { Link } from "react-router";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { CopyButton } from "@/components/ui/CopyButton.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { commandFor, type Way, ways } from "./commands.ts";
import { FirstBeatChecklist } from "./FirstBeatChecklist.tsx";
import { SecretText } from "./SecretText.tsx";

/** The token, the line to paste for each way to connect, and what has arrived so far. */
export function TokenStep({
  machineId,
  token,
  siteUrl,
  onClose,
}: {
  machineId: string;
  token: string;
  siteUrl: string | null;
  onClose: () => void;
}) {
  const { enrolment } = useTexts();
  const texts = enrolment.connect;
  const [way, setWay] = useState<Way>("linux");
  return (
    <>
      <DialogBody className="grid gap-5">
        <section aria-label={texts.commands} className="grid gap-2">
          <Segmented
            label={texts.ways}
            value={way}
            options={ways.map((value) => ({ value, label: enrolment.ways[value] }))}
            onChange={setWay}
          />
          {siteUrl === null ? (
            <Skeleton className="h-15" />
          ) : (
            <CodeBlock
              code={commandFor(way, { pageUrl: window.location.origin, siteUrl, token })}
              label={enrolment.commandLabel(enrolment.ways[way])}
            />
          )}
          <p className="text-xs text-ink-faint">{enrolment.wayNotes[way]}</p>
        </section>

        <FirstBeatChecklist machineId={machineId} />

        <section aria-label={texts.token} className="grid gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <SecretText label={texts.machineToken} testId="machine-token" text={token} />
            <CopyButton text={token} label={texts.copyToken} className="w-full sm:w-40" />
          </div>
          <p className="text-xs text-ink-faint">{texts.tokenNote}</p>
        </section>
      </DialogBody>
      <DialogFooter>
        <Link to={paths.machine.href(machineId)} className={buttonClass("ghost")}>
          {texts.openPage}
        </Link>
        <Button variant="primary" onClick={onClose}>
          {texts.done}
        </Button>
      </DialogFooter>
    </>
  );
}
