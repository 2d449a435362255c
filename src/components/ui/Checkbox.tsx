import { type ReactNode, useId } from "react";

/** Something that is chosen or not, and takes effect with the form that it is in. */
export function Checkbox({
  label,
  hint,
  isChecked,
  onChange,
  isDisabled = false,
}: {
  label: ReactNode;
  hint?: ReactNode;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  isDisabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        {...(hint !== undefined && { "aria-describedby": `${id}-hint` })}
        className="mt-0.5 size-4 shrink-0 accent-accent disabled:opacity-55"
      />
      <div className="min-w-0 text-sm">
        <label htmlFor={id} className="text-ink">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-ink-faint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
