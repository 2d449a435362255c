import { useCall } from "@/hooks/useCall.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { fieldOf } from "@/lib/errors.ts";
import { configOf, type Draft, type Kind, preferencesOf } from "./draft.ts";

type Outcome = { isSaved: true; name: string } | { isSaved: false; isAboutConfig: boolean };

export interface SaveChannel {
  save: (draft: Draft) => Promise<Outcome>;
  isPending: boolean;
  error: Error | null;
}

/** Makes the channel or, where there is one, changes it. */
export function useSaveChannel({
  kind,
  channel,
}: {
  kind: Kind;
  channel: Channel | null;
}): SaveChannel {
  const create = useCall(api.channels.create);
  const update = useCall(api.channels.update);
  const save = async (draft: Draft): Promise<Outcome> => {
    const name = draft.name.trim() || kind.title;
    const preferences = preferencesOf(draft);
    const config = configOf(draft.config);
    try {
      if (channel === null) {
        const { isPersonal } = draft;
        await create.call({
          kind: kind.kind,
          name,
          config,
          preferences,
          ...(isPersonal && { isPersonal }),
        });
      } else {
        const { channelId } = channel;
        // A browser's connection is the browser's to change.
        const changed = kind.madeBy === "browser" ? {} : { config };
        await update.call({ channelId, name, preferences, ...changed });
      }
      return { isSaved: true, name };
    } catch (error) {
      return { isSaved: false, isAboutConfig: fieldOf(error)?.startsWith("config.") ?? false };
    }
  };
  return {
    save,
    isPending: create.isPending || update.isPending,
    error: create.error ?? update.error,
  };
}
