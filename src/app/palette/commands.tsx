/** What the command palette can do besides finding machines. */
import {
  Contrast,
  History,
  Keyboard,
  Languages,
  Monitor,
  Moon,
  Plus,
  ServerOff,
  Sun,
  Tv,
} from "lucide-react";
import { type ReactNode } from "react";
import { paths } from "@/config/paths.ts";
import { clock } from "@/lib/clock.ts";
import { chooseContrast, chooseTheme, isHighContrast } from "@/lib/theme.ts";
import { chooseLanguage, type Language, languageNames, type Texts } from "@/texts/texts.ts";
import { HOUR, MINUTE } from "../../../core/time.ts";
import { placeGroups } from "../navigation.ts";

export interface Command {
  id: string;
  label: string;
  /** Found by these as well. */
  keywords?: string[];
  icon: ReactNode;
  run: () => void;
}

export interface CommandGroup {
  heading: string;
  commands: Command[];
}

/** Everything that does not depend on what was typed. */
export function commandGroups(
  { app, palette }: Texts,
  {
    canEdit,
    go,
    showHelp,
  }: { canEdit: boolean; go: (address: string) => void; showHelp: () => void },
): CommandGroup[] {
  const places = placeGroups.flat().map((place) => ({
    id: `place ${place.key}`,
    label: app.places[place.key],
    keywords: [place.href],
    icon: <place.icon />,
    run: () => go(place.href),
  }));
  return [
    { heading: palette.groups.places, commands: places },
    { heading: palette.groups.actions, commands: actions(palette, { canEdit, go, showHelp }) },
    { heading: palette.groups.look, commands: looks(palette) },
    { heading: palette.groups.language, commands: languages() },
  ];
}

function actions(
  { actions: texts }: Texts["palette"],
  { canEdit, go, showHelp }: { canEdit: boolean; go: (to: string) => void; showHelp: () => void },
): Command[] {
  const fleet = (search: string) => () => go(`${paths.fleet.href()}?${search}`);
  const anHourAgo = () =>
    new Date(Math.floor((clock.now() - HOUR) / MINUTE) * MINUTE).toISOString();
  return [
    ...(canEdit
      ? [{ id: "add", label: texts.addMachine, icon: <Plus />, run: fleet("add=1") }]
      : []),
    { id: "offline", label: texts.offline, icon: <ServerOff />, run: fleet("q=status:offline") },
    { id: "past", label: texts.past, icon: <History />, run: () => fleet(`at=${anHourAgo()}`)() },
    { id: "wall", label: texts.wall, icon: <Tv />, run: fleet("view=wall") },
    { id: "help", label: texts.help, keywords: ["?"], icon: <Keyboard />, run: showHelp },
  ];
}

function looks({ look }: Texts["palette"]): Command[] {
  const isMore = isHighContrast();
  return [
    { id: "light", label: look.light, icon: <Sun />, run: () => chooseTheme("light") },
    { id: "dark", label: look.dark, icon: <Moon />, run: () => chooseTheme("dark") },
    { id: "system", label: look.system, icon: <Monitor />, run: () => chooseTheme("system") },
    {
      id: "contrast",
      label: isMore ? look.usualContrast : look.moreContrast,
      icon: <Contrast />,
      run: () => chooseContrast(isMore ? "usual" : "more"),
    },
  ];
}

function languages(): Command[] {
  return (Object.entries(languageNames) as [Language, string][]).map(([key, name]) => ({
    id: `language ${key}`,
    label: name,
    keywords: ["language", "Sprache", "语言"],
    icon: <Languages />,
    run: () => void chooseLanguage(key),
  }));
}
