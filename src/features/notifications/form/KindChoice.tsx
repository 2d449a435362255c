import { DialogBody } from "@/components/ui/Dialog.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { kindIcons } from "../kindLook.ts";
import { type Kind } from "./draft.ts";

/** The kinds of channels, in the server's order. */
export function KindChoice({
  kinds,
  onChoose,
}: {
  kinds: readonly Kind[];
  onChoose: (kind: Kind) => void;
}) {
  const { notifications: texts } = useTexts();
  return (
    <DialogBody>
      <ul aria-label={texts.form.kindsLabel} className="grid gap-2 sm:grid-cols-2">
        {kinds.map((kind) => {
          const Icon = kindIcons[kind.kind];
          return (
            <li key={kind.kind}>
              <button
                type="button"
                onClick={() => onChoose(kind)}
                className="flex h-full w-full items-start gap-3 rounded-lg border border-line bg-surface p-3 text-left transition-colors duration-100 hover:border-line-strong hover:bg-hover"
              >
                <span className="flex size-8 shrink-0 items-center justify-center rounded-md bg-accent-soft text-accent-ink">
                  <Icon aria-hidden="true" className="size-4" />
                </span>
                <span className="min-w-0">
                  <span className="block text-sm font-medium text-ink">{kind.title}</span>
                  <span className="block text-xs text-ink-faint">{texts.kinds[kind.kind]}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </DialogBody>
  );
}
