import { Card } from "@/components/ui/Card.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { Select } from "@/components/ui/Select.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { useContrast, useTheme } from "@/hooks/useTheme.ts";
import { chooseLanguage, type Language, language, languageNames } from "@/texts/texts.ts";
import { useContrastOptions, useThemeOptions } from "./AccountMenu.tsx";

const languages = (Object.keys(languageNames) as Language[]).map((value) => ({
  value,
  label: languageNames[value],
}));

/** How the page looks and speaks on this device. */
export function AppearanceCard() {
  const { account: texts } = useTexts();
  const [theme, setTheme] = useTheme();
  const themeOptions = useThemeOptions();
  const [contrast, setContrast] = useContrast();
  const contrastOptions = useContrastOptions();
  return (
    <Card title={texts.settingsPage.appearance} description={texts.settingsPage.onThisDevice}>
      <div className="grid gap-3 px-4 py-3 text-sm">
        <div className="flex flex-wrap items-center justify-between gap-3">
          {texts.theme}
          <Segmented label={texts.theme} value={theme} options={themeOptions} onChange={setTheme} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3">
          {texts.contrast}
          <Segmented
            label={texts.contrast}
            value={contrast}
            options={contrastOptions}
            onChange={setContrast}
          />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3">
          {texts.language}
          <span className="w-40">
            <Select
              label={texts.language}
              value={language()}
              options={languages}
              onChange={(chosen) => void chooseLanguage(chosen)}
            />
          </span>
        </div>
      </div>
    </Card>
  );
}
