import { Trash2 } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { TextArea } from "@/components/ui/Field.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

type IncidentId = Incident["incidentId"];

/** What people found and did, in their own words. */
export function Notes({ incidentId, canEdit }: { incidentId: IncidentId; canEdit: boolean }) {
  const { incidents: texts } = useTexts();
  const { data, loading, error } = useLiveQuery(api.incidentNotes.list, { incidentId });
  return (
    <Card title={texts.notes.title} description={texts.notes.lead}>
      {loading && (
        <div role="status" aria-label={texts.notes.loading} className="p-4">
          <Skeleton className="h-4" />
        </div>
      )}
      {error !== null && (
        <p role="alert" className="px-4 py-3 text-sm text-ink-soft">
          {messageOf(error)}
        </p>
      )}
      {data?.length === 0 && <p className="px-4 py-3 text-sm text-ink-soft">{texts.notes.none}</p>}
      {data !== undefined && data.length > 0 && (
        <ul aria-label={texts.notes.list} className="divide-y divide-line/70">
          {data.map((note) => (
            <NoteRow key={note.noteId} note={note} incidentId={incidentId} />
          ))}
        </ul>
      )}
      {canEdit && <NoteForm incidentId={incidentId} />}
    </Card>
  );
}

function NoteRow({
  note,
  incidentId,
}: {
  note: (typeof api.incidentNotes.list)["_returnType"][number];
  incidentId: IncidentId;
}) {
  const { incidents: texts } = useTexts();
  const { call: remove, isPending } = useCall(api.incidentNotes.remove);
  const { call: add } = useCall(api.incidentNotes.add);
  const fail = (error: unknown) =>
    toast.error(texts.notes.failed, { description: messageOf(error) });
  const takeBack = () => void add({ incidentId, text: note.text }).catch(fail);
  const takeAway = async () => {
    try {
      await remove({ noteId: note.noteId });
      toast(texts.notes.removed, { action: { label: texts.notes.undo, onClick: takeBack } });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 px-4 py-2.5 text-sm">
      <p className="text-xs text-ink-faint">
        <span className="font-medium text-ink">{note.author || texts.notes.somebody}</span>{" "}
        <Age at={note.at} />
      </p>
      {note.isMine && (
        <IconButton
          label={texts.notes.remove}
          isDanger
          disabled={isPending}
          onClick={() => void takeAway()}
          className="-my-1.5 -mr-2"
        >
          <Trash2 />
        </IconButton>
      )}
      <p className="col-span-full mt-0.5 break-words whitespace-pre-wrap text-ink">{note.text}</p>
    </li>
  );
}

function NoteForm({ incidentId }: { incidentId: IncidentId }) {
  const { incidents: texts } = useTexts();
  const [text, setText] = useState("");
  const { call, isPending, error } = useCall(api.incidentNotes.add);
  const submit = async () => {
    if (text.trim() === "" || isPending) return;
    try {
      await call({ incidentId, text });
      setText("");
    } catch {
      // Shown at the field from the call's error.
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void submit();
  };
  return (
    <form
      className="grid gap-2 border-t border-line px-4 py-3"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextArea
        label={texts.notes.label}
        placeholder={texts.notes.placeholder}
        value={text}
        maxLength={2_000}
        error={error === null ? null : messageOf(error)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button
        type="submit"
        isPending={isPending}
        disabled={text.trim() === ""}
        className="justify-self-end"
      >
        {texts.notes.add}
      </Button>
    </form>
  );
}
