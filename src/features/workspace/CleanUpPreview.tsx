import { useState } from "react";
import { Age } from "@/components/ui/Age.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { LoadingRows } from "@/components/ui/Views.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";

/** As many as are named; the count says whether there are more. */
const SHOWN = 20;

/** The machines that the clean-up would remove now. Nothing is changed. */
export function CleanUpPreview({ silentForMs, tag }: { silentForMs: number; tag: string }) {
  const { workspace } = useTexts();
  const texts = workspace.cleanUp;
  // As of when it was asked for: the list must not change under the reader every second.
  const [silentSince] = useState(() => clock.now() - silentForMs);
  const { data, error } = useLiveQuery(api.cleanUps.preview, {
    silentSince,
    ...(tag !== "" && { tag }),
    paginationOpts: { numItems: SHOWN, cursor: null },
  });
  if (error !== null) return <Notice kind="error">{messageOf(error)}</Notice>;
  if (data === undefined) return <LoadingRows label={texts.preview} count={2} />;
  if (data.page.length === 0 && data.isDone)
    return <Notice kind="info">{texts.previewNone}</Notice>;
  const count = data.isDone ? texts.machines(data.page.length) : texts.orMore(data.page.length);
  return (
    <Notice kind="warning">
      <p className="font-medium">{texts.previewSome(count)}</p>
      <ul className="mt-1 grid gap-0.5">
        {data.page.map(({ machineId, name, lastSeen }) => (
          <li key={machineId} className="flex flex-wrap justify-between gap-x-3">
            <span className="break-all">{name}</span>
            <span className="text-xs text-ink-soft">
              {lastSeen === null ? texts.neverSeen : <Age at={lastSeen} />}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
