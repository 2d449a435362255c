import {
  Bookmark,
  BookmarkPlus,
  Columns3,
  Download,
  History,
  Layers,
  LayoutGrid,
  Table2,
  Tv,
  X,
} from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuSeparator } from "@/components/ui/Menu.tsx";
import { type ColumnKey, columnKeys, defaultColumns } from "./columns.tsx";
import { SaveViewDialog } from "./SaveViewDialog.tsx";
import { type SavedViews } from "./useSavedViews.ts";
import { type Layout } from "./useFleetQuery.ts";

const layoutOptions = [
  { value: "table", icon: <Table2 aria-hidden="true" /> },
  { value: "cards", icon: <LayoutGrid aria-hidden="true" /> },
  { value: "wall", icon: <Tv aria-hidden="true" /> },
] as const;

/** Layout, columns, saved views and the file of the list: small buttons beside the filter. */
export function FleetTools({
  layout,
  onLayout,
  chosenColumns,
  onColumns,
  views,
  search,
  onSearch,
  onDownload,
  onPast,
  isVersionsOpen,
  onVersions,
}: {
  layout: Layout;
  onLayout: (layout: Layout) => void;
  chosenColumns: readonly ColumnKey[];
  onColumns: (columns: readonly ColumnKey[]) => void;
  views: SavedViews;
  /** The address's part that a saved view remembers. */
  search: string;
  onSearch: (search: string) => void;
  onDownload: () => void;
  onPast: () => void;
  isVersionsOpen: boolean;
  onVersions: (isOpen: boolean) => void;
}) {
  const { fleet } = useTexts();
  const texts = fleet.tools;
  const layouts = layoutOptions.map((option) => ({
    ...option,
    label: texts.layouts[option.value],
  }));
  const [isSaving, setIsSaving] = useState(false);
  return (
    <div className="flex items-center">
      <Menu
        trigger={
          <IconButton label={texts.savedViews}>
            <Bookmark />
          </IconButton>
        }
      >
        {views.list.map((view) => (
          <MenuItem key={view.name} icon={<Bookmark />} onSelect={() => onSearch(view.search)}>
            <span className="max-w-56 truncate">{view.name}</span>
          </MenuItem>
        ))}
        {views.list.length > 0 && <MenuSeparator />}
        <MenuItem icon={<BookmarkPlus />} onSelect={() => setIsSaving(true)}>
          {texts.save}
        </MenuItem>
        {views.list.some((view) => view.search === search) && (
          <MenuItem icon={<X />} onSelect={() => views.remove(search)}>
            {texts.forget}
          </MenuItem>
        )}
      </Menu>
      <Menu
        trigger={
          <IconButton label={texts.layoutAndColumns}>
            <Columns3 />
          </IconButton>
        }
      >
        <MenuChoice label={texts.layout} value={layout} options={layouts} onChange={onLayout} />
        {layout === "table" && (
          <>
            <MenuSeparator />
            <ColumnChoice chosen={chosenColumns} onChange={onColumns} />
          </>
        )}
      </Menu>
      <IconButton
        label={texts.versions}
        aria-pressed={isVersionsOpen}
        onClick={() => onVersions(!isVersionsOpen)}
      >
        <Layers />
      </IconButton>
      <IconButton label={texts.past} onClick={onPast}>
        <History />
      </IconButton>
      <CsvButton onDownload={onDownload} />
      <SaveViewDialog
        isOpen={isSaving}
        onClose={() => setIsSaving(false)}
        onSave={(name) => views.save({ name, search })}
      />
    </div>
  );
}

/** The file of what the list shows. */
export function CsvButton({ onDownload }: { onDownload: () => void }) {
  const { fleet: texts } = useTexts();
  return (
    <IconButton label={texts.tools.csv} onClick={onDownload}>
      <Download />
    </IconButton>
  );
}

function ColumnChoice({
  chosen,
  onChange,
}: {
  chosen: readonly ColumnKey[];
  onChange: (columns: readonly ColumnKey[]) => void;
}) {
  const { fleet: texts } = useTexts();
  return (
    <>
      {columnKeys.map((key) => (
        <MenuCheck
          key={key}
          isOn={chosen.includes(key)}
          onChange={(isOn) =>
            onChange(columnKeys.filter((other) => (other === key ? isOn : chosen.includes(other))))
          }
        >
          {texts.columns[key]}
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => onChange(defaultColumns)}>{texts.tools.usualColumns}</MenuItem>
    </>
  );
}
