/** A browser that is signed in to the demo and takes pictures of scenes in the wanted widths and themes. */
import { type Browser, type Page } from "playwright-core";
import { join } from "node:path";
import { findings, standStill } from "../axe.ts";
import { ACCOUNT } from "../demo/stage.ts";

export interface Scene {
  /** Of the file. */
  name: string;
  /** Where it is, from the root. */
  path: string;
  /** Seen without signing in. */
  isPublic?: true;
  /** What to do there first, such as opening a dialog. False: there is no such thing at this width. */
  prepare?: (page: Page, width: number) => Promise<unknown>;
}

export interface Studio {
  take(scene: Scene): Promise<void>;
  taken(): number;
}

interface Wishes {
  url: string;
  out: string;
  /** In CSS pixels. */
  widths: number[];
  themes: string[];
  contrast: string;
  language: string;
  isAskingAxe: boolean;
}

/** The longest picture: below that nobody looks. */
const MAX_HEIGHT_PX = 4_000;
/** For charts, pages that load more, and pictures that move in. */
const SETTLE_MS = 900;

export async function openStudio(browser: Browser, wishes: Wishes): Promise<Studio> {
  const insider = await openPage(browser, wishes);
  const outsider = await openPage(browser, wishes);
  await signIn(insider, wishes.url);
  let taken = 0;
  return {
    taken: () => taken,
    take: async (scene) => {
      for (const width of wishes.widths) {
        try {
          taken += await takeAt(scene.isPublic ? outsider : insider, { scene, width, wishes });
        } catch (error) {
          console.error(`${scene.name} at ${width}: ${String(error).split("\n")[0]}`);
          process.exitCode = 1;
        }
      }
    },
  };
}

async function openPage(browser: Browser, { language, contrast }: Wishes): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", locale: language });
  await context.addInitScript(
    ([chosen, more]) => {
      localStorage.setItem("rollcall.language", JSON.stringify(chosen));
      if (more) localStorage.setItem("rollcall.contrast", "more");
    },
    [language, contrast === "more"] as const,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => console.error(`The page threw: ${error.message}`));
  return page;
}

/** By types of fields, which are the same in all languages. */
async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator("input[type=email]").fill(ACCOUNT.email);
  await page.locator("input[type=password]").fill(ACCOUNT.password);
  await page.locator("button[type=submit]").click();
  await page.getByRole("table").first().waitFor();
}

/** Returns how many pictures it took. */
async function takeAt(
  page: Page,
  { scene, width, wishes }: { scene: Scene; width: number; wishes: Wishes },
): Promise<number> {
  const { name, path, prepare } = scene;
  const height = width < 600 ? 844 : 900;
  await page.setViewportSize({ width, height });
  await page.goto(wishes.url + path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForTimeout(SETTLE_MS);
  if ((await prepare?.(page, width)) === false) return 0;
  await page.waitForTimeout(SETTLE_MS / 3);
  const { over, full } = await page.evaluate(measure);
  if (over > 0) console.log(`${name} at ${width}: ${over} px wider than the screen`);
  // As tall as what there is to see: a picture of the "full page" would show what sticks to the bottom in its middle.
  if (full > height) {
    await page.setViewportSize({ width, height: Math.min(full, MAX_HEIGHT_PX) });
  }
  for (const theme of wishes.themes) {
    const colorScheme = theme === "dark" ? "dark" : "light";
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await standStill(page);
    await page.screenshot({ path: join(wishes.out, `${name}-${width}-${theme}.png`) });
    if (wishes.isAskingAxe) await askAxe(page, `${name} at ${width}, ${theme}`);
  }
  return wishes.themes.length;
}

/** In the page: by how much it is too wide, and how tall it wants to be; an open dialog counts alone. */
function measure(): { over: number; full: number } {
  const { scrollWidth, scrollHeight } = document.documentElement;
  const over = scrollWidth - innerWidth;
  const dialog = document.querySelector("[role=dialog]");
  if (dialog === null) return { over, full: scrollHeight };
  const parts = [dialog, ...dialog.querySelectorAll("*")];
  const hidden = Math.max(...parts.map((part) => part.scrollHeight - part.clientHeight));
  // Dialogs leave a little of the page to be seen.
  return { over, full: Math.ceil((dialog.clientHeight + hidden) * 1.12) };
}

async function askAxe(page: Page, name: string): Promise<void> {
  for (const { rule, help, where } of await findings(page))
    console.log([`${name}: ${rule}: ${help}`, ...where].join("\n    "));
}
