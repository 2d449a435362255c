import { ChevronDown } from "lucide-react";
import { type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { Field, inputClass } from "./Field.tsx";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
}

interface SelectProps<Value extends string> {
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  isDisabled?: boolean;
}

/** One of several, by the system's own list: it works with every keyboard, screen reader and thumb. */
export function SelectField<Value extends string>({
  label,
  hint,
  error,
  ...select
}: SelectProps<Value> & { label: string; hint?: ReactNode; error?: string | null }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <Control control={control} {...select} className="h-9 text-base" />}
    </Field>
  );
}

/** The same within a line or a bar; its name is for screen readers. */
export function Select<Value extends string>({
  label,
  ...select
}: SelectProps<Value> & { label: string }) {
  return <Control control={{ "aria-label": label }} {...select} className="h-8 text-sm" />;
}

function Control<Value extends string>({
  control,
  value,
  options,
  onChange,
  isDisabled = false,
  className,
}: SelectProps<Value> & { control: object; className: string }) {
  return (
    <span className="relative block">
      <select
        {...control}
        value={value}
        disabled={isDisabled}
        onChange={(event) => {
          const option = options.find((candidate) => candidate.value === event.target.value);
          if (option !== undefined) onChange(option.value);
        }}
        className={cn(inputClass, "appearance-none truncate pr-8 pl-2.5", className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-raised text-ink">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-ink-faint"
      />
    </span>
  );
}
