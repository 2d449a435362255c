import { act, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useTexts } from "@/hooks/useTexts.ts";
import { de } from "@/texts/de/index.ts";
import { en } from "@/texts/en/index.ts";
import { chooseLanguage, language, loadLanguage } from "@/texts/texts.ts";
import { zh } from "@/texts/zh/index.ts";

/** The names of all texts, as "app.places.fleet". */
function keysOf(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null
      ? keysOf(value, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

function Sample() {
  return <p>{useTexts().app.places.fleet}</p>;
}

afterEach(async () => {
  vi.restoreAllMocks();
  localStorage.clear();
  await loadLanguage();
});

describe("the page's language", () => {
  it("says why a message failed in its own words, with the server's numbers", () => {
    const text = "The receiver answered 503. It may have arrived.";
    expect(en.notifications.reason(text)).toBe(text);
    expect(de.notifications.reason(text)).toBe(
      "Der Empfänger antwortete 503. Vielleicht kam sie an.",
    );
    expect(zh.notifications.reason("No answer within 10 s.")).toBe("10 秒内无应答。");
  });

  it("has the same texts in every language, none of them empty", () => {
    for (const other of [de, zh]) expect(keysOf(other)).toEqual(keysOf(en));
    // Of the words around a name, one side may be empty.
    const written = JSON.stringify([en, de, zh]).replaceAll(/\["",(?=")|(?<="),""\]/g, "");
    expect(written.includes('""')).toBe(false);
  });

  it("follows the browser until somebody chooses, then remembers the choice", async () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["fr-FR", "de-CH", "en"]);
    await loadLanguage();
    expect(language()).toBe("de");
    expect(document.documentElement.lang).toBe("de");
    await chooseLanguage("zh");
    await loadLanguage();
    expect(language()).toBe("zh");
  });

  it("changes what is on screen at once", async () => {
    render(<Sample />);
    expect(screen.getByText("Fleet")).toBeDefined();
    await act(() => chooseLanguage("de"));
    expect(screen.getByText("Flotte")).toBeDefined();
  });
});
