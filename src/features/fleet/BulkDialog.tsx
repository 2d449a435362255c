import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { parseTags } from "@/lib/machineForm.ts";
import { type BulkAction } from "./useBulk.ts";

export type BulkDialogKind = "tags" | "archive" | "delete";

/** Asks before many machines are changed. */
export function BulkDialog({
  kind,
  count,
  isPending,
  onClose,
  onConfirm,
}: {
  kind: BulkDialogKind | null;
  /** "3 machines". */
  count: string;
  isPending: boolean;
  onClose: () => void;
  onConfirm: (action: BulkAction) => Promise<void>;
}) {
  const { fleet } = useTexts();
  const texts = fleet.bulk;
  if (kind === null) return null;
  if (kind === "tags") {
    return (
      <Dialog isOpen onOpenChange={onClose} title={texts.tagTitle(count)}>
        <TagForm isPending={isPending} onClose={onClose} onConfirm={onConfirm} />
      </Dialog>
    );
  }
  const [title, description, verb] =
    kind === "archive"
      ? [texts.archiveTitle, texts.archiveLead, texts.archiveVerb]
      : [texts.deleteTitle, texts.deleteLead, texts.deleteVerb];
  return (
    <Dialog isOpen onOpenChange={onClose} title={title(count)} description={description}>
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button variant="danger" isPending={isPending} onClick={() => void onConfirm({ kind })}>
          {verb(count)}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function TagForm({
  isPending,
  onClose,
  onConfirm,
}: {
  isPending: boolean;
  onClose: () => void;
  onConfirm: (action: BulkAction) => Promise<void>;
}) {
  const { fleet } = useTexts();
  const texts = fleet.bulk;
  const [kind, setKind] = useState<"addTags" | "removeTags">("addTags");
  const [text, setText] = useState("");
  const tags = parseTags(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (tags.length > 0 && !isPending) void onConfirm({ kind, tags });
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <Segmented
          label={texts.what}
          value={kind}
          options={[
            { value: "addTags", label: texts.add },
            { value: "removeTags", label: texts.remove },
          ]}
          onChange={setKind}
        />
        <TextField
          label={texts.tags}
          hint={texts.tagsHint}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" variant="primary" disabled={tags.length === 0} isPending={isPending}>
          {kind === "addTags" ? texts.addTags : texts.removeTags}
        </Button>
      </DialogFooter>
    </form>
  );
}
