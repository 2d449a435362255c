/** axe in a real page: its rules for WCAG 2.2 AA. */
import axe, { type AxeResults, type RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Names, roles and landmarks are the same in every theme: what is left to look at in a second one. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

export interface Finding {
  rule: string;
  help: string;
  /** The first three elements, and what is wrong with each. */
  where: string[];
}

export interface Looking {
  /** A selector. Default: the whole page. */
  part?: string;
  /** Only what another theme can change. */
  isOnlyColours?: boolean;
}

/** What axe has against the page as it stands. Call `standStill` before. */
export async function findings(page: Page, looking: Looking = {}): Promise<Finding[]> {
  // Half a megabyte of script costs more than the rules: once for each document is enough.
  if (await page.evaluate(() => !("axe" in window))) await page.evaluate(axe.source);
  const { part = "html", isOnlyColours = false } = looking;
  const options: RunOptions = {
    runOnly: isOnlyColours
      ? { type: "rule", values: COLOUR_RULES }
      : { type: "tag", values: RULES },
    resultTypes: ["violations"],
    preload: false,
  };
  const found: string = await page.evaluate(
    async ([where, how]) => {
      const inPage = (window as unknown as { axe: typeof axe }).axe;
      return JSON.stringify((await inPage.run(where, JSON.parse(how) as RunOptions)).violations);
    },
    [part, JSON.stringify(options)] as const,
  );
  const violations = JSON.parse(found) as AxeResults["violations"];
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    where: nodes
      .slice(0, 3)
      .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
  }));
}

/**
 * Half-faded elements have half the contrast: brings all that ends to its end. Spinners never do. What inherits a colour
 * begins to fade only when its parent is done, so it is looked at again until nothing fades.
 */
export async function standStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const fading = () =>
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
    do {
      for (const animation of fading()) animation.finish();
      // The page hears of another theme with the next frame, and shows it with the one after.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    } while (fading().length > 0);
  });
}
