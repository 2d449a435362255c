import { Command } from "cmdk";
import { Server, Siren } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { paths } from "@/config/paths.ts";
import { useAcknowledge } from "@/hooks/useAcknowledge.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { type FoundMachine, useMachineSearch } from "@/hooks/useMachineSearch.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { type Texts } from "@/texts/texts.ts";
import { commandGroups } from "./commands.tsx";

const groupClass =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint";

interface PaletteProps {
  canEdit: boolean;
  onClose: () => void;
  onHelp: () => void;
}

/** Goes to any place and machine, and does what can be done from anywhere. Opened by Ctrl-K and Cmd-K. */
export default function Palette(props: PaletteProps) {
  const { palette: texts } = useTexts();
  const opener = useRef<Element | null>(null);
  // Radix would look for a trigger of its own; this is opened from anywhere.
  const returnFocus = (event: Event) => {
    event.preventDefault();
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
  return (
    <Dialog.Root open onOpenChange={props.onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-overlay-in bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={returnFocus}
          className="fixed inset-x-3 top-[12dvh] z-50 mx-auto flex max-h-[70dvh] max-w-xl animate-pop-in flex-col overflow-hidden rounded-xl bg-raised shadow-dialog"
        >
          <Dialog.Title className="sr-only">{texts.title}</Dialog.Title>
          <Commands {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ canEdit, onClose, onHelp }: PaletteProps) {
  const texts = useTexts();
  const { palette } = texts;
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const search = useMachineSearch(text);
  const close = (then: () => void) => () => {
    onClose();
    then();
  };
  const go = (address: string) => void navigate(address);
  const groups = commandGroups(texts, { canEdit, go, showHelp: onHelp });
  return (
    <Command label={palette.title} loop className="flex min-h-0 flex-col">
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={palette.placeholder}
        className="h-12 w-full shrink-0 border-b border-line bg-transparent px-4 text-base text-ink outline-none placeholder:text-ink-faint"
      />
      {/* Beside the list, not in it: a list box holds nothing but what can be chosen. */}
      <p role="status" className="px-3.5 text-sm text-ink-faint not-empty:pt-1.5">
        {statusOf(search.state, palette)}
      </p>
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5 pb-2">
        {search.state === "searching" ? null : (
          <Command.Empty className="px-3 py-6 text-center text-sm text-ink-soft">
            {palette.nothing}
          </Command.Empty>
        )}
        {search.machines.length > 0 && (
          <Command.Group heading={palette.groups.machines} className={groupClass}>
            {search.machines.map((machine) => (
              <Item
                key={machine.machineId}
                // It was found by what the backend knows: the palette's own matching must let it through.
                value={`${text} ${machine.machineId}`}
                icon={<Server />}
                onSelect={close(() => go(paths.machine.href(machine.machineId)))}
              >
                <span className="min-w-0 truncate">{machine.name}</span>
                <span className="ml-auto max-w-48 truncate text-xs text-ink-faint">
                  {placeOf(machine, palette)}
                </span>
              </Item>
            ))}
          </Command.Group>
        )}
        {canEdit && <OpenIncidents close={close} />}
        {groups.map(({ heading, commands }) => (
          <Command.Group key={heading} heading={heading} className={groupClass}>
            {commands.map(({ id, label, keywords, icon, run }) => (
              <Item key={id} value={label} keywords={keywords} icon={icon} onSelect={close(run)}>
                {label}
              </Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

/** What nobody has acknowledged yet. */
function OpenIncidents({ close }: { close: (then: () => void) => () => void }) {
  const { palette } = useTexts();
  const acknowledge = useAcknowledge();
  const open = useLiveQuery(api.incidents.open, {}).data ?? [];
  const unclaimed = open.filter(({ acknowledgedAt }) => acknowledgedAt === null).slice(0, 20);
  if (unclaimed.length === 0) return null;
  return (
    <Command.Group heading={palette.groups.incidents} className={groupClass}>
      {unclaimed.map(({ incidentId, machineId, machineName }) => (
        <Item
          key={incidentId}
          value={palette.acknowledge(machineName)}
          icon={<Siren />}
          onSelect={close(() => void acknowledge({ machineId, name: machineName }))}
        >
          {palette.acknowledge(machineName)}
        </Item>
      ))}
    </Command.Group>
  );
}

function Item({
  value,
  keywords,
  icon,
  onSelect,
  children,
}: {
  value: string;
  keywords?: string[];
  icon: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2 text-sm text-ink select-none data-[selected=true]:bg-selected [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint"
    >
      <span aria-hidden="true">{icon}</span>
      {children}
    </Command.Item>
  );
}

function statusOf(state: string, palette: Texts["palette"]): string {
  if (state === "searching") return palette.searching;
  return state === "failed" ? palette.failed : "";
}

/** Its host, or what it was found by where that says more. */
function placeOf({ hostname, foundIn }: FoundMachine, { foundIn: places }: Texts["palette"]) {
  const place = Object.entries(places).find(([key]) => key === foundIn)?.[1];
  return place ?? hostname ?? "";
}
