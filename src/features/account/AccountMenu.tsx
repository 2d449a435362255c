import { Contrast, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { type ReactNode } from "react";
import { useNavigate } from "react-router";
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuSeparator } from "@/components/ui/Menu.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useContrast, useTheme } from "@/hooks/useTheme.ts";
import { type Me } from "@/lib/backend.ts";
import { useSignOut } from "./useSession.ts";

/** The themes by their names in the language of the page. */
export function useThemeOptions() {
  const { account: texts } = useTexts();
  return [
    { value: "system", label: texts.themes.system, icon: <Monitor aria-hidden="true" /> },
    { value: "light", label: texts.themes.light, icon: <Sun aria-hidden="true" /> },
    { value: "dark", label: texts.themes.dark, icon: <Moon aria-hidden="true" /> },
  ] as const;
}

/** The contrasts by their names in the language of the page. */
export function useContrastOptions() {
  const { account: texts } = useTexts();
  return [
    { value: "usual", label: texts.contrasts.usual },
    { value: "more", label: texts.contrasts.more },
  ] as const;
}

/** Who is signed in, the workspaces, theme, settings, sign-out. */
export function AccountMenu({
  me,
  trigger,
  side,
  children,
}: {
  me: Me;
  trigger: ReactNode;
  side?: "top" | "bottom";
  /** Between who is signed in and the theme. */
  children?: ReactNode;
}) {
  const { account: texts, palette } = useTexts();
  const [theme, setTheme] = useTheme();
  const themeOptions = useThemeOptions();
  const [contrast, setContrast] = useContrast();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    <Menu trigger={trigger} side={side} align={side === "top" ? "start" : "end"}>
      <div className="max-w-64 px-2 py-1.5">
        <p className="truncate text-sm font-medium">{displayName(me)}</p>
        <p className="truncate text-xs text-ink-faint">{me.email}</p>
      </div>
      <MenuSeparator />
      {children}
      <MenuChoice label={texts.theme} value={theme} options={themeOptions} onChange={setTheme} />
      <MenuCheck
        isOn={contrast === "more"}
        onChange={(isOn) => setContrast(isOn ? "more" : "usual")}
      >
        <Contrast aria-hidden="true" />
        {palette.look.moreContrast}
      </MenuCheck>
      <MenuSeparator />
      <MenuItem icon={<Settings />} onSelect={() => void navigate(paths.settings.href())}>
        {texts.settings}
      </MenuItem>
      <MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
        {texts.signOut}
      </MenuItem>
    </Menu>
  );
}

/** What to call somebody: their name, or their address where they gave none. */
export function displayName(me: Me): string {
  return me.name || me.email;
}

/** One letter in a circle. */
export function Avatar({ me }: { me: Me }) {
  return (
    <span
      aria-hidden="true"
      className="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink uppercase"
    >
      {displayName(me).charAt(0)}
    </span>
  );
}
