import { useDeferredValue, useState } from "react";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Select } from "@/components/ui/Select.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { type Config, configOf } from "./draft.ts";

const MANY = 5;
const events = [
  "machine.offline",
  "machine.online",
  "machine.late",
  "machine.flapping",
  "machine.reminder",
  "channel.failing",
  "test",
] as const;

/** What a message would look like, and what exactly would be sent, without its secrets. */
export function PreviewPane({
  kind,
  config,
  hasKeptSecrets,
}: {
  kind: Channel["kind"];
  config: Config;
  hasKeptSecrets: boolean;
}) {
  const { notifications: texts } = useTexts();
  const [event, setEvent] = useState<(typeof events)[number]>("machine.offline");
  const [count, setCount] = useState<"one" | "many">("one");
  // While somebody types, the server is asked for what stands still.
  const asked = useDeferredValue(configOf(config));
  const { data, error } = useLiveQuery(api.channels.preview, {
    kind,
    config: asked,
    event,
    machines: count === "one" ? 1 : MANY,
  });
  const shown = useKept(data);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-2">
        <div className="min-w-52 flex-1">
          <Select
            label={texts.form.previewEvent}
            value={event}
            options={events.map((value) => ({ value, label: texts.events[value] }))}
            onChange={setEvent}
          />
        </div>
        <Segmented
          label={texts.form.previewCount}
          value={count}
          options={[
            { value: "one", label: texts.form.previewOne },
            { value: "many", label: texts.form.previewMany },
          ]}
          onChange={setCount}
        />
      </div>
      {error !== null ? (
        <p
          role="status"
          className="rounded-md border border-dashed border-line-strong px-4 py-6 text-center text-sm text-ink-soft"
        >
          {hasKeptSecrets ? texts.form.previewSecrets : texts.form.previewIncomplete}
        </p>
      ) : shown === undefined ? (
        <div role="status" aria-label={texts.form.previewLoading}>
          <Skeleton className="h-24" />
        </div>
      ) : (
        <>
          <div className="rounded-lg border border-line bg-sunken px-4 py-3 shadow-card">
            <p className="font-semibold break-words">{shown.title}</p>
            <p className="mt-1 text-sm break-words whitespace-pre-wrap text-ink-soft">
              {shown.text}
            </p>
          </div>
          {shown.requests.map((request, index) => (
            <details key={index} className="group text-sm">
              <summary className="cursor-pointer rounded-sm font-medium text-ink-soft hover:text-ink">
                {texts.form.previewRequest}:{" "}
                <span className="font-mono text-xs break-all">
                  {request.method} {request.target}
                </span>
              </summary>
              <pre
                tabIndex={0}
                className="mt-2 max-h-56 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
              >
                {pretty(request.body)}
              </pre>
            </details>
          ))}
        </>
      )}
    </div>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
