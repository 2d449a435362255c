import { X } from "lucide-react";
import { useMemo } from "react";
import { Card } from "@/components/ui/Card.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatCount, formatDate } from "@/lib/format.ts";
import { DAY, HOUR } from "../../../../core/time.ts";
import { type FleetEntry, versionInQuery, withVersion } from "../fleetView.ts";
import { type Band, spreadOf } from "./spread.ts";
import { bandColour, VersionPicture } from "./VersionPicture.tsx";

const SPAN_MS = 14 * DAY;

/** Which versions run, how that moved over the last two weeks, and each of them as a filter of the list. */
export default function VersionCard({
  entries,
  query,
  onQuery,
  onClose,
}: {
  entries: FleetEntry[];
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
}) {
  const texts = useTexts().fleet.versions;
  // Ends ahead of now, so that a change of this hour falls into what is already asked for.
  const to = useNowSelect((now) => Math.ceil(now / HOUR) * HOUR);
  const from = to - SPAN_MS;
  const answer = useLiveQuery(api.versions.changes, { from, to });
  const changes = useKept(answer.data)?.changes;
  const spread = useMemo(
    () => (changes === undefined ? undefined : spreadOf(entries, changes, { from, to })),
    [entries, changes, from, to],
  );
  const chosen = versionInQuery(query);
  return (
    <Card
      title={texts.title}
      description={texts.lead}
      action={
        <IconButton label={texts.close} onClick={onClose}>
          <X />
        </IconButton>
      }
    >
      {answer.error !== null ? (
        <ErrorView title={texts.failed} error={answer.error} onRetry={onClose} />
      ) : spread === undefined ? (
        <div className="p-4">
          <Skeleton className="h-24" />
        </div>
      ) : spread.bands.length === 0 ? (
        <p className="px-4 py-6 text-sm text-ink-soft">{texts.none}</p>
      ) : (
        <div className="grid gap-x-6 gap-y-3 px-4 py-3.5 sm:grid-cols-[minmax(0,1fr)_15rem]">
          <div className="flex flex-col">
            <VersionPicture
              spread={spread}
              label={texts.picture(spread.bands.map((band) => wordsOf(band)).join(", "))}
            />
            <p className="mt-1 flex justify-between text-xs text-ink-faint">
              <span>{formatDate(from)}</span>
              <span>{texts.now}</span>
            </p>
          </div>
          <ul aria-label={texts.title} className="grid content-start">
            {spread.bands.map((band, index) => (
              <li key={band.version ?? "older"}>
                <BandButton
                  band={band}
                  colour={bandColour(index, spread.bands.length)}
                  isOn={band.version !== null && chosen === band.version.toLowerCase()}
                  onToggle={(version) => onQuery(withVersion(query, version))}
                />
              </li>
            ))}
            {spread.silent > 0 && (
              <li className="flex h-7 items-center px-2 text-sm text-ink-faint">
                {texts.silent(formatCount(spread.silent))}
              </li>
            )}
          </ul>
        </div>
      )}
    </Card>
  );

  function wordsOf({ version, now }: Band): string {
    return `${version ?? texts.older} ${formatCount(now)}`;
  }
}

function BandButton({
  band: { version, now, gained },
  colour,
  isOn,
  onToggle,
}: {
  band: Band;
  colour: string;
  isOn: boolean;
  onToggle: (version: string | null) => void;
}) {
  const texts = useTexts().fleet.versions;
  const face = (
    <>
      <span
        aria-hidden="true"
        className="size-2.5 shrink-0 rounded-[3px]"
        style={{ background: colour }}
      />
      <span className="min-w-0 truncate">{version ?? texts.older}</span>
      <span className="ml-auto font-semibold text-ink">{formatCount(now)}</span>
      <span className="w-10 shrink-0 text-right text-xs text-ink-faint">
        {gained === 0 ? "" : `${gained > 0 ? "+" : "−"}${formatCount(Math.abs(gained))}`}
      </span>
    </>
  );
  const row = "flex h-7 w-full items-center gap-2 rounded-md px-2 text-left text-sm text-ink-soft";
  if (version === null) return <span className={row}>{face}</span>;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title={texts.filter(version)}
      onClick={() => onToggle(isOn ? null : version)}
      className={cn(row, isOn ? "bg-selected text-ink" : "hover:bg-hover hover:text-ink")}
    >
      {face}
    </button>
  );
}
