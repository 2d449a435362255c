import { CircleStop, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { TextArea, TextField } from "@/components/ui/Field.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatMoment } from "@/lib/moments.ts";
import { MINUTE } from "../../../core/time.ts";
import { type StatusPage } from "./useStatusPage.ts";

type Announcement = StatusPage["announcements"][number];
const kinds = ["info", "maintenance", "problem", "resolved"] as const;

/** What readers are told in one's own words. */
export function NewsCard({ page, canEdit }: { page: StatusPage; canEdit: boolean }) {
  const { statusPages } = useTexts();
  const texts = statusPages.news;
  const { statusPageId, announcements } = page;
  return (
    <Card title={texts.title} description={texts.lead}>
      {announcements.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-soft">{texts.none}</p>
      ) : (
        <ul aria-label={texts.title} className="divide-y divide-line/70">
          {announcements.map((announcement) => (
            <NewsRow
              key={announcement.announcementId}
              announcement={announcement}
              statusPageId={statusPageId}
              canEdit={canEdit}
            />
          ))}
        </ul>
      )}
      {canEdit && <NewsForm statusPageId={statusPageId} />}
    </Card>
  );
}

function NewsRow({
  announcement,
  statusPageId,
  canEdit,
}: {
  announcement: Announcement;
  statusPageId: StatusPage["statusPageId"];
  canEdit: boolean;
}) {
  const { statusPages } = useTexts();
  const texts = statusPages.news;
  const now = useNowSelect((time) => Math.floor(time / MINUTE) * MINUTE);
  const remove = useCall(api.statusPages.removeAnnouncement);
  const update = useCall(api.statusPages.updateAnnouncement);
  const announce = useCall(api.statusPages.announce);
  const { announcementId, endsAt, ...words } = announcement;
  const { kind, title, text, startsAt } = words;
  const fail = (error: unknown) => toast.error(texts.failed, { description: messageOf(error) });
  const putBack = () =>
    void announce.call({ statusPageId, ...words, ...(endsAt !== null && { endsAt }) }).catch(fail);
  const takeAway = async () => {
    try {
      await remove.call({ announcementId });
      toast(texts.removed, { action: { label: texts.undo, onClick: putBack } });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <li className="flex items-start gap-2 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Badge>{texts.kinds[kind]}</Badge>
          <span className="font-medium break-words">{title}</span>
          <span className="text-xs text-ink-faint">
            {formatMoment(startsAt, now)}
            {endsAt !== null && ` – ${formatMoment(endsAt, now)}`}
          </span>
        </p>
        {text !== "" && (
          <p className="mt-0.5 break-words whitespace-pre-wrap text-ink-soft">{text}</p>
        )}
      </div>
      {canEdit && endsAt === null && (
        <IconButton
          label={texts.end(title)}
          onClick={() => void update.call({ announcementId, endsAt: clock.now() }).catch(fail)}
        >
          <CircleStop />
        </IconButton>
      )}
      {canEdit && (
        <IconButton label={texts.remove(title)} isDanger onClick={() => void takeAway()}>
          <X />
        </IconButton>
      )}
    </li>
  );
}

function NewsForm({ statusPageId }: { statusPageId: StatusPage["statusPageId"] }) {
  const { statusPages } = useTexts();
  const texts = statusPages.news;
  const [draft, setDraft] = useState<{ kind: (typeof kinds)[number]; title: string; text: string }>(
    empty,
  );
  const { call, isPending, error } = useCall(api.statusPages.announce);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (draft.title.trim() === "" || isPending) return;
    try {
      await call({ statusPageId, ...draft });
      setDraft(empty);
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid gap-3 border-t border-line px-4 py-3"
    >
      <div className="grid gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <SelectField
          label={texts.kind}
          value={draft.kind}
          options={kinds.map((kind) => ({ value: kind, label: texts.kinds[kind] }))}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        <TextField
          label={texts.heading}
          value={draft.title}
          autoComplete="off"
          onChange={(event) => setDraft({ ...draft, title: event.target.value })}
        />
      </div>
      <TextArea
        label={texts.text}
        isOptional
        value={draft.text}
        onChange={(event) => setDraft({ ...draft, text: event.target.value })}
      />
      {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      <Button
        type="submit"
        isPending={isPending}
        disabled={draft.title.trim() === ""}
        className="justify-self-end"
      >
        {texts.add}
      </Button>
    </form>
  );
}

const empty = { kind: "info" as const, title: "", text: "" };
