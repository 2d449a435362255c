import { Switch as Primitive } from "radix-ui";
import { type ReactNode, useId } from "react";

/** Something that is on or off, and takes effect at once. */
export function Switch({
  label,
  hint,
  isOn,
  onChange,
  isDisabled = false,
}: {
  label: string;
  hint?: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-ink-faint">
            {hint}
          </p>
        )}
      </div>
      <Primitive.Root
        id={id}
        checked={isOn}
        onCheckedChange={onChange}
        disabled={isDisabled}
        {...(hint !== undefined && { "aria-describedby": `${id}-hint` })}
        className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors duration-100 disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Primitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-ink-faint transition-transform duration-100 data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
      </Primitive.Root>
    </div>
  );
}
