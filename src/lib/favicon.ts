/** The icon of the browser's tab: how many machines are down can be read while another tab is open. */

const USUAL = "/favicon.svg";
/** More does not fit into sixteen pixels. */
const MAX_SHOWN = 99;

/** Puts a red mark with the number on the icon; 0 brings the usual icon back. */
export function showInFavicon(count: number): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link === null) return;
  const href = count > 0 ? `data:image/svg+xml,${encodeURIComponent(badged(count))}` : USUAL;
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}

function badged(count: number): string {
  const text = count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count);
  const size = text.length === 1 ? 22 : text.length === 2 ? 18 : 13;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">` +
    `<rect width="32" height="32" rx="7.5" fill="#c81e2b"/>` +
    `<text x="16" y="17" fill="#fff" font-family="sans-serif" font-weight="700" font-size="${size}" ` +
    `text-anchor="middle" dominant-baseline="central">${text}</text></svg>`
  );
}
