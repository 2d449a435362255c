/** Sentences that the server wrote in English, with numbers of their own: each pattern that is found gives way to its words. */
export function translated(
  text: string,
  patterns: readonly (readonly [pattern: RegExp, words: string])[],
): string {
  return patterns.reduce((rest, [pattern, words]) => rest.replace(pattern, words), text);
}
