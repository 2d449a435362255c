/** Texts that came from agents and people, made harmless for the languages that messages are written in. */

/** Characters that turn the reading direction: a name must not be able to disguise itself. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Without characters that change how others are read; in one line. */
export function plain(text: string): string {
  return text.replace(directionMarks, "").replace(/[\r\n\u2028\u2029]+/g, " ");
}

/** For the text and the attributes of HTML and XML. */
export function escapeHtml(text: string): string {
  return plain(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** For Slack's mrkdwn: no mentions, links or entities. Formatting is avoided by using plain text blocks. */
export function escapeSlack(text: string): string {
  return plain(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** For Markdown as Discord and Adaptive Cards read it: one line, every sign that can mean something there escaped. */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]()<>~|]/g, "\\$&")
    .replace(/^\s*[#+-]/, (start) => start.replace(/[#+-]/, "\\$&"));
}

/** The inside of a JSON string, without its quotes. */
export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** At most so many UTF-16 units, never half a character, the cut marked. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, Math.max(0, maxLength - 1));
  return `${cut.replace(/[\ud800-\udbff]$/, "")}…`;
}

/** At most so many bytes of UTF-8. */
export function clipBytes(text: string, maxBytes: number): string {
  const size = (value: string) => new TextEncoder().encode(value).length;
  if (size(text) <= maxBytes) return text;
  let length = Math.min(text.length, maxBytes);
  while (length > 0 && size(clip(text, length)) > maxBytes) length -= Math.ceil(length / 20);
  return clip(text, Math.max(0, length));
}
