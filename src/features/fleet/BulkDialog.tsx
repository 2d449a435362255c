import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { parseTags } from "@/lib/machineForm.ts";
import { type BulkAction } from "./useBulk.ts";

export type BulkDialogKind = "tags" | "archive" | "delete";

const texts = {
  archive: {
    verb: "Archive",
    description:
      "They leave the fleet and keep their history. Their agents are told to stop; restored machines wait for them to be started again.",
  },
  delete: {
    verb: "Delete",
    description:
      "They leave the fleet at once, and their history goes in thirty days; until then they can be restored. Their agents are told to stop.",
  },
};

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
  if (kind === null) return null;
  if (kind === "tags") {
    return (
      <Dialog isOpen onOpenChange={onClose} title={`Tag ${count}`}>
        <TagForm isPending={isPending} onClose={onClose} onConfirm={onConfirm} />
      </Dialog>
    );
  }
  const { verb, description } = texts[kind];
  return (
    <Dialog isOpen onOpenChange={onClose} title={`${verb} ${count}?`} description={description}>
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="danger" isPending={isPending} onClick={() => void onConfirm({ kind })}>
          {verb} {count}
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
          label="What to do"
          value={kind}
          options={[
            { value: "addTags", label: "Add" },
            { value: "removeTags", label: "Remove" },
          ]}
          onChange={setKind}
        />
        <TextField
          label="Tags"
          hint="Separated by commas."
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" disabled={tags.length === 0} isPending={isPending}>
          {kind === "addTags" ? "Add tags" : "Remove tags"}
        </Button>
      </DialogFooter>
    </form>
  );
}
