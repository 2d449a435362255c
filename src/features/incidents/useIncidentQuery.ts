import { useSearchParams } from "react-router";
import { DAY } from "../../../core/time.ts";

export const states = ["open", "acknowledged", "closed"] as const;
export type State = (typeof states)[number];
export const spans = { day: DAY, week: 7 * DAY, month: 30 * DAY };
export type Span = keyof typeof spans;

export interface IncidentQuery {
  state: State | null;
  machineId: string | null;
  span: Span | null;
  isFiltered: boolean;
  set: (name: "state" | "machine" | "since", value: string | null) => void;
  clear: () => void;
}

/** What of the list is shown. It lives in the address, so that a link shows the same. */
export function useIncidentQuery(): IncidentQuery {
  const [params, setParams] = useSearchParams();
  const state = states.find((known) => known === params.get("state")) ?? null;
  const since = params.get("since");
  const span = since !== null && Object.hasOwn(spans, since) ? (since as Span) : null;
  const machineId = params.get("machine");
  return {
    state,
    machineId,
    span,
    isFiltered: state !== null || machineId !== null || span !== null,
    set: (name, value) =>
      setParams(
        (previous) => {
          if (value === null) previous.delete(name);
          else previous.set(name, value);
          return previous;
        },
        { replace: true, preventScrollReset: true },
      ),
    clear: () => setParams(new URLSearchParams(), { replace: true }),
  };
}
