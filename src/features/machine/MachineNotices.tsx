import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { ClashNotice } from "./ClashNotice.tsx";
import { SplitDialog } from "./SplitDialog.tsx";
import { useShelf } from "./useShelf.ts";

/** What is unusual about the machine, each with its way out: out of the fleet, paused, cloned. */
export function MachineNotices({ machine }: { machine: MachineDetails }) {
  const texts = useTexts().machine.state;
  const shelf = useShelf(machine);
  const [isSplitting, setIsSplitting] = useState(false);
  return (
    <>
      {machine.shelf !== null && (
        <Notice
          kind="warning"
          action={<Button onClick={() => void shelf.restore()}>{texts.restore}</Button>}
        >
          {machine.shelf === "deleted" && machine.purgeAt !== null
            ? texts.deleted(formatStamp(machine.purgeAt))
            : texts.archived}
        </Notice>
      )}
      {machine.clash !== null && (
        <ClashNotice machine={machine} clash={machine.clash} onSplit={() => setIsSplitting(true)} />
      )}
      {/* Outside of the notice: splitting ends the clash, and the new token must stay on screen. */}
      <SplitDialog machine={machine} isOpen={isSplitting} onClose={() => setIsSplitting(false)} />
      {machine.pausedAt !== null && (
        <Notice
          kind="info"
          action={<Button onClick={() => void shelf.setPaused(false)}>{texts.resume}</Button>}
        >
          {texts.paused}
        </Notice>
      )}
    </>
  );
}
