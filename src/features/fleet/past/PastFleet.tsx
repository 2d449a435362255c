import { History } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useFleetQuery } from "../useFleetQuery.ts";
import { readMoment } from "./moment.ts";
import { PastBanner } from "./PastBanner.tsx";
import { PastList } from "./PastList.tsx";
import { usePastFleet } from "./usePastFleet.ts";

/** The fleet as it was at the moment that the address names (`?at=2026-10-02T03:14`). */
export function PastFleet({ moment }: { moment: string }) {
  const { fleet: texts } = useTexts();
  const { setAt } = useFleetQuery();
  // Another try is another mount: what failed is asked for again.
  const [tries, setTries] = useState(0);
  useDocumentTitle(texts.past.title);
  const at = readMoment(moment);
  const isAhead = useNowSelect((now) => at !== null && at > now);
  if (at === null || isAhead) {
    return (
      <Notice kind="warning">
        <span className="flex flex-wrap items-center gap-3">
          {at === null ? texts.past.unreadable : texts.past.ahead}
          <Button onClick={() => setAt(null)}>{texts.past.backToNow}</Button>
        </span>
      </Notice>
    );
  }
  return <FleetAt key={tries} at={at} onMove={setAt} onRetry={() => setTries(tries + 1)} />;
}

function FleetAt({
  at,
  onMove,
  onRetry,
}: {
  at: number;
  onMove: (at: number | null) => void;
  onRetry: () => void;
}) {
  const { fleet } = useTexts();
  const texts = fleet.past;
  const past = usePastFleet(at);
  const isEmpty = past.isComplete && past.machines.length === 0;
  return (
    <>
      <PastBanner at={at} onMove={onMove} onLeave={() => onMove(null)}>
        {past.isUnknown ? texts.weWereAway : undefined}
      </PastBanner>
      {past.error !== null ? (
        <Framed>
          <ErrorView title={texts.failed} error={past.error} onRetry={onRetry} />
        </Framed>
      ) : isEmpty ? (
        <Framed>
          <EmptyView icon={<History />} title={texts.nobody}>
            {texts.nobodyLead}
          </EmptyView>
        </Framed>
      ) : past.machines.length === 0 ? (
        <Framed>
          <LoadingRows label={texts.loading("0")} count={8} />
        </Framed>
      ) : (
        <PastList at={at} past={past} />
      )}
    </>
  );
}

function Framed({ children }: { children: ReactNode }) {
  return <div className="rounded-lg border border-line bg-surface shadow-card">{children}</div>;
}
