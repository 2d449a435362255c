import { type ComponentProps, type ReactNode, useId } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";

/** How a field looks; height, padding and text size are the caller's. */
export const inputClass = cn(
  "w-full rounded-md border border-line-strong/80 bg-surface text-ink shadow-card",
  "placeholder:text-ink-faint transition-colors duration-100 hover:border-line-strong",
  "focus-visible:border-accent-ink focus-visible:outline-1 focus-visible:outline-offset-0",
  "aria-invalid:border-offline-fill disabled:opacity-60",
);

/** A label, its control, a hint and what is wrong with the value, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  isOptional = false,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  isOptional?: boolean;
  children: (control: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
  }) => ReactNode;
}) {
  const { common: texts } = useTexts();
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== "";
  const noteId = hasError || hint !== undefined ? `${id}-note` : undefined;
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="flex items-baseline gap-2 text-sm font-medium text-ink">
        {label}
        {isOptional && <span className="text-xs font-normal text-ink-faint">{texts.optional}</span>}
      </label>
      {children({
        id,
        ...(noteId !== undefined && { "aria-describedby": noteId }),
        ...(hasError && { "aria-invalid": true as const }),
      })}
      {noteId !== undefined && (
        <p
          id={noteId}
          className={cn("text-xs", hasError ? "font-medium text-offline" : "text-ink-faint")}
        >
          {hasError ? error : hint}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps extends Omit<ComponentProps<"input">, "id" | "className"> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  isOptional?: boolean;
  /** Something inside the field's right end, such as a button. */
  trailing?: ReactNode;
}

/** The usual field: one line of text. */
export function TextField({ label, hint, error, isOptional, trailing, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional}>
      {(control) => (
        <span className="relative block">
          <input
            {...control}
            {...input}
            className={cn(
              inputClass,
              "h-9 pl-2.5 text-base",
              trailing === undefined ? "pr-2.5" : "pr-10",
            )}
          />
          {trailing !== undefined && (
            <span className="absolute inset-y-0 right-0.5 flex items-center">{trailing}</span>
          )}
        </span>
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  isOptional,
  ...area
}: Omit<ComponentProps<"textarea">, "id" | "className"> &
  Pick<TextFieldProps, "label" | "hint" | "error" | "isOptional">) {
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional}>
      {(control) => (
        <textarea
          {...control}
          {...area}
          className={cn(inputClass, "min-h-18 resize-y px-2.5 py-2 text-base")}
        />
      )}
    </Field>
  );
}
