import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextArea, TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";

export interface PageWords {
  slug: string;
  title: string;
  description: string;
}

/** Title, address and description of a page. */
export function PageForm({
  initial,
  submitLabel,
  isPending,
  error,
  onSubmit,
  onCancel,
  aside,
}: {
  initial: PageWords;
  submitLabel: string;
  isPending: boolean;
  error: Error | null;
  onSubmit: (words: PageWords) => void;
  onCancel?: () => void;
  /** At the other end of the buttons. */
  aside?: ReactNode;
}) {
  const { statusPages: texts } = useTexts();
  const [draft, setDraft] = useState(initial);
  const serverField = fieldOf(error) ?? "";
  const isFieldError = serverField in draft;
  const fields = (name: keyof PageWords) => ({
    value: draft[name],
    error: serverField === name ? messageOf(error) : null,
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit(draft);
  };
  // As wide as what is around it: a dialog, where it can be cancelled, or a card.
  const sidesClass = onCancel === undefined ? "px-4" : "px-5";
  const address = `${location.origin}${paths.publicStatus.href(draft.slug)}`;
  return (
    <form noValidate onSubmit={submit} className="min-h-0 overflow-y-auto">
      <div className={cn("grid gap-4 py-4", sidesClass)}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={texts.name} {...fields("title")} />
          <TextField
            label={texts.slug}
            spellCheck={false}
            hint={texts.slugHint(address)}
            {...fields("slug")}
          />
        </div>
        <TextArea label={texts.description} isOptional {...fields("description")} />
        {error !== null && !isFieldError && <Notice kind="error">{messageOf(error)}</Notice>}
      </div>
      <footer
        className={cn(
          "flex flex-wrap justify-end gap-2 border-t border-line bg-sunken/60 py-2.5",
          sidesClass,
        )}
      >
        {aside}
        {onCancel !== undefined && (
          <Button variant="ghost" onClick={onCancel}>
            {texts.cancel}
          </Button>
        )}
        <Button type="submit" variant="primary" isPending={isPending}>
          {submitLabel}
        </Button>
      </footer>
    </form>
  );
}
