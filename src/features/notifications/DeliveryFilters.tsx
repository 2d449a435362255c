import { deliveryLook } from "@/components/delivery/deliveryLook.ts";
import { Select } from "@/components/ui/Select.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { deliveryStates, type LogQuery } from "./useLogQuery.ts";

const ANY = "any";

/** Which messages are listed: by state and channel. */
export function DeliveryFilters({ query }: { query: LogQuery }) {
  const { notifications: texts } = useTexts();
  const channels = useLiveQuery(api.channels.list, {}).data ?? [];
  const known = channels.map(({ channelId, name }) => ({
    value: channelId,
    label: name,
  }));
  const isGone = query.channelId !== null && !known.some(({ value }) => value === query.channelId);
  return (
    <div className="grid grid-cols-2 gap-2 border-b border-line px-4 py-2 sm:flex">
      <div className="min-w-0 sm:w-40">
        <Select
          label={texts.log.state}
          value={query.state ?? ANY}
          options={[
            { value: ANY, label: texts.log.anyState },
            ...deliveryStates.map((state) => ({
              value: state,
              label: texts.states[deliveryLook({ state }).word],
            })),
          ]}
          onChange={(state) => query.set("state", state === ANY ? null : state)}
        />
      </div>
      <div className="min-w-0 sm:w-48">
        <Select
          label={texts.log.channel}
          value={query.channelId ?? ANY}
          options={[
            { value: ANY, label: texts.log.anyChannel },
            ...known,
            ...(isGone ? [{ value: query.channelId as string, label: "–" }] : []),
          ]}
          onChange={(channel) => query.set("channel", channel === ANY ? null : channel)}
        />
      </div>
    </div>
  );
}
