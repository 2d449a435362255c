/** A badge as SVG: a label and a word on colour. What it says never depends on the colour alone. */
import { clip, escapeHtml } from "./escape.ts";

/** Dark enough for white letters. */
const colours = {
  good: "#2f7d4f",
  bad: "#c0392b",
  warning: "#9a6700",
  neutral: "#5b6470",
} as const;
export type BadgeTone = keyof typeof colours;

const HEIGHT = 20;
const PADDING = 6;
const MAX_LABEL_LENGTH = 40;

export function renderBadge({
  label,
  message,
  tone,
}: {
  label: string;
  message: string;
  tone: BadgeTone;
}): string {
  const [left, right] = [clip(label, MAX_LABEL_LENGTH), clip(message, MAX_LABEL_LENGTH)];
  const [leftWidth, rightWidth] = [left, right].map((text) => textWidth(text) + 2 * PADDING) as [
    number,
    number,
  ];
  const width = leftWidth + rightWidth;
  const title = escapeHtml(`${left}: ${right}`);
  const text = (content: string, x: number, boxWidth: number) =>
    `<text x="${x}" y="14" textLength="${boxWidth - 2 * PADDING}">${escapeHtml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)">`,
    `<rect width="${leftWidth}" height="${HEIGHT}" fill="#3a3f47"/>`,
    `<rect x="${leftWidth}" width="${rightWidth}" height="${HEIGHT}" fill="${colours[tone]}"/>`,
    `</g>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    text(left, PADDING, leftWidth),
    text(right, leftWidth + PADDING, rightWidth),
    `</g>`,
    `</svg>`,
  ].join("");
}

/** Uptime as a badge says it: 99.95 % is not rounded up to all. */
export function formatShare(share: number | null): string {
  if (share === null) return "unknown";
  return `${Math.floor(share * 10_000) / 100}%`;
}

/** About what Verdana needs at 11 pixels; textLength makes the rest fit. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[ijlI.,:;'|!]/.test(character)) width += 4.2;
    else if (/[mwMW%@]/.test(character)) width += 10.2;
    else width += character.charCodeAt(0) > 0x2e80 ? 11 : 7;
  }
  return Math.ceil(width);
}
