import { type FormEvent, type ReactNode, useState } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { messageOf } from "@/lib/errors.ts";
import { Button } from "./Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "./Dialog.tsx";
import { TextField } from "./Field.tsx";
import { Notice } from "./Notice.tsx";

/**
 * Asks before something is done. Stays open while it is being done, closes when it is, and shows why it could not be.
 * With `phrase` the person has to write it first: for what cannot be undone.
 */
export function ConfirmDialog({
  isOpen,
  onClose,
  title,
  description,
  confirmLabel,
  isDanger = true,
  phrase,
  children,
  onConfirm,
}: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description: string;
  confirmLabel: string;
  isDanger?: boolean;
  phrase?: string;
  /** Between the question and the buttons. */
  children?: ReactNode;
  onConfirm: () => Promise<unknown>;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
    >
      <Question {...{ onClose, confirmLabel, isDanger, phrase, children, onConfirm }} />
    </Dialog>
  );
}

function Question({
  onClose,
  confirmLabel,
  isDanger,
  phrase,
  children,
  onConfirm,
}: Omit<Parameters<typeof ConfirmDialog>[0], "isOpen" | "title" | "description">) {
  const { common: texts } = useTexts();
  const [written, setWritten] = useState("");
  const [state, setState] = useState<{ isPending: boolean; error: unknown }>(idle);
  const isSure = phrase === undefined || written.trim() === phrase;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (state.isPending || !isSure) return;
    setState({ isPending: true, error: null });
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setState({ isPending: false, error });
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      {(children !== undefined || phrase !== undefined || state.error !== null) && (
        <DialogBody className="grid gap-4">
          {children}
          {phrase !== undefined && (
            <TextField
              label={texts.writeToConfirm(phrase)}
              autoComplete="off"
              spellCheck={false}
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
          {state.error !== null && <Notice kind="error">{messageOf(state.error)}</Notice>}
        </DialogBody>
      )}
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button
          type="submit"
          variant={isDanger ? "danger" : "primary"}
          isPending={state.isPending}
          disabled={!isSure}
        >
          {confirmLabel}
        </Button>
      </DialogFooter>
    </form>
  );
}

const idle = { isPending: false, error: null };
