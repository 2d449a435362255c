import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextArea, TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
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
}: {
  initial: PageWords;
  submitLabel: string;
  isPending: boolean;
  error: Error | null;
  onSubmit: (words: PageWords) => void;
  onCancel?: () => void;
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
  const address = `${location.origin}${paths.publicStatus.href(draft.slug)}`;
  return (
    <form noValidate onSubmit={submit}>
      <div className="grid gap-4 px-4 py-4">
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
      <footer className="flex justify-end gap-2 border-t border-line bg-sunken/60 px-4 py-2.5">
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
