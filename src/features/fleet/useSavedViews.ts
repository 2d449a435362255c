import { useStored } from "@/hooks/useStored.ts";

export interface SavedView {
  name: string;
  /** Filter, order and layout as the address has them. */
  search: string;
}

export interface SavedViews {
  list: readonly SavedView[];
  /** A view of the same name is replaced. */
  save: (view: SavedView) => void;
  remove: (search: string) => void;
}

/** Views that this browser remembers. */
export function useSavedViews(): SavedViews {
  const [list, setList] = useStored("rollcall.fleet.views", parseViews);
  return {
    list,
    save: (view) => setList([...list.filter(({ name }) => name !== view.name), view]),
    remove: (search) => setList(list.filter((view) => view.search !== search)),
  };
}

function parseViews(stored: unknown): readonly SavedView[] {
  return Array.isArray(stored) ? stored.filter(isView) : [];
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== "object" || value === null) return false;
  const { name, search } = value as Partial<Record<keyof SavedView, unknown>>;
  return typeof name === "string" && typeof search === "string";
}
