import { Search, X } from "lucide-react";
import { useRef } from "react";
import { inputClass } from "@/components/ui/Field.tsx";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { cn } from "@/lib/cn.ts";

/** The filter box. `/` goes to it from anywhere, Escape empties and leaves it. */
export function FleetFilter({
  query,
  onChange,
}: {
  query: string;
  onChange: (query: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useHotkey("/", () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <div role="search" className="relative w-full sm:w-72">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint"
      />
      <input
        ref={input}
        type="text"
        inputMode="search"
        aria-label="Filter machines"
        aria-keyshortcuts="/"
        placeholder="Filter: name, tag:prod, status:late"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          onChange("");
          event.currentTarget.blur();
        }}
        className={cn(inputClass, "peer h-8 pr-8 pl-8 text-sm")}
      />
      {query === "" ? (
        <kbd
          aria-hidden="true"
          className="pointer-events-none absolute top-1.5 right-2 hidden rounded-sm border border-line bg-sunken px-1.5 font-sans text-xs leading-4.5 text-ink-faint peer-focus:hidden sm:block"
        >
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label="Clear the filter"
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
          className="absolute top-1 right-1 inline-flex size-6 items-center justify-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </div>
  );
}
