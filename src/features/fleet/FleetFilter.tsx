import { Search, X } from "lucide-react";
import { useId, useRef } from "react";
import { inputClass } from "@/components/ui/Field.tsx";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { useTypedQuery } from "./useTypedQuery.ts";

/** The filter box. `/` goes to it from anywhere, Escape empties and leaves it. */
export function FleetFilter({
  query,
  problems,
  onChange,
}: {
  query: string;
  /** What of the query was not understood, as sentences. */
  problems: string[];
  onChange: (query: string) => void;
}) {
  const { fleet } = useTexts();
  const texts = fleet.filter;
  const { text, type, leave } = useTypedQuery(query, onChange);
  const noteId = useId();
  const input = useRef<HTMLInputElement>(null);
  useHotkey("/", () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <div role="search" className="relative w-full sm:w-80 2xl:w-112">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint"
      />
      <input
        ref={input}
        type="text"
        inputMode="search"
        aria-label={texts.label}
        aria-keyshortcuts="/"
        placeholder={texts.placeholder}
        aria-describedby={problems.length > 0 ? noteId : undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          type("");
          event.currentTarget.blur();
        }}
        className={cn(inputClass, "peer h-8 pr-8 pl-8 text-sm")}
      />
      {text === "" ? (
        <kbd
          aria-hidden="true"
          className="pointer-events-none absolute top-1.5 right-2 hidden rounded-sm border border-line bg-sunken px-1.5 font-sans text-xs leading-4.5 text-ink-faint peer-focus:hidden sm:block"
        >
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label={texts.clear}
          onClick={() => {
            type("");
            input.current?.focus();
          }}
          className="absolute top-1 right-1 inline-flex size-6 items-center justify-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
      {problems.length > 0 && (
        <p
          id={noteId}
          role="status"
          className="absolute top-full left-0 z-20 mt-1 rounded-md bg-raised px-2.5 py-1.5 text-xs text-late shadow-pop"
        >
          {problems.join(" ")}
        </p>
      )}
    </div>
  );
}
