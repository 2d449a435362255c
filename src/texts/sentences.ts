/** Sentences of the server in other words. Keys are its English, with {} where it names something; words name it as $1, $2 … */
export type Sentences = Readonly<Record<string, string>>;

/** The words for what the server said, or null where there are none: test/src/sentences.test.ts sees to it that there are. */
export function inOtherWords(sentences: Sentences, text: string): string | null {
  if (Object.hasOwn(sentences, text)) return sentences[text] ?? null;
  for (const [sentence, words] of Object.entries(sentences)) {
    if (!sentence.includes("{}")) continue;
    const pattern = patternOf(sentence);
    if (pattern.test(text)) return text.replace(pattern, words);
  }
  return null;
}

function patternOf(sentence: string): RegExp {
  const parts = sentence.split("{}").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`);
}
