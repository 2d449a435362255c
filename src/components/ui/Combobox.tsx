import { type KeyboardEvent, useId, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { inputClass } from "./Field.tsx";

export interface ComboboxOption {
  value: string;
  label: string;
  /** Beside the label, to tell equal ones apart. */
  hint?: string;
}

/** More are found by typing. */
const MAX_SHOWN = 40;

/** Finds one of many by typing: arrows walk, Enter takes, Escape closes. What was taken is the caller's to show. */
export function Combobox({
  label,
  placeholder,
  emptyText,
  options,
  onPick,
  className,
}: {
  /** For screen readers. */
  label: string;
  placeholder: string;
  /** Where nothing fits. */
  emptyText: string;
  options: readonly ComboboxOption[];
  onPick: (value: string) => void;
  className?: string;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState<number | null>(null);
  const isOpen = active !== null;
  const shown = isOpen ? matching(options, text) : [];
  const close = () => setActive(null);
  const pick = (option: ComboboxOption | undefined) => {
    if (option === undefined) return;
    setText("");
    close();
    onPick(option.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyStep(event.key, active, shown.length);
    if (next !== null) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      pick(shown[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className={cn("relative", className)}>
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(isOpen && shown[active] !== undefined
          ? { "aria-activedescendant": `${id}-${active}` }
          : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={text}
        onFocus={() => setActive(0)}
        onBlur={close}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        className={cn(inputClass, "h-8 px-2.5 text-sm")}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        hidden={!isOpen}
        className="absolute top-full left-0 z-30 mt-1 max-h-64 w-full min-w-56 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop"
      >
        {shown.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // The field would lose the focus, and with it the list, before the click.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(option)}
            className={cn(
              "flex cursor-default items-baseline gap-2 rounded-sm px-2 py-1 text-sm",
              index === active && "bg-hover",
            )}
          >
            <span className="truncate">{option.label}</span>
            {option.hint !== undefined && (
              <span className="ml-auto shrink-0 text-xs text-ink-faint">{option.hint}</span>
            )}
          </li>
        ))}
        {shown.length === 0 && (
          <li
            role="option"
            aria-selected="false"
            aria-disabled="true"
            className="px-2 py-1 text-sm text-ink-faint"
          >
            {emptyText}
          </li>
        )}
      </ul>
    </div>
  );
}

function matching(options: readonly ComboboxOption[], text: string): ComboboxOption[] {
  const wanted = text.trim().toLowerCase();
  return options.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, MAX_SHOWN);
}

function keyStep(key: string, active: number | null, count: number): number | null {
  if (key === "ArrowDown") return active === null ? 0 : Math.min(count - 1, active + 1);
  if (key === "ArrowUp" && active !== null) return Math.max(0, active - 1);
  return null;
}
