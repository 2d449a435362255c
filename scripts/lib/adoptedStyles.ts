/**
 * A Vite plugin: libraries that add `<style>` elements while the page runs adopt style sheets instead. The page's
 * content security policy refuses inline styles; a sheet that a script makes and adopts is no inline style.
 */
import type { Plugin } from "vite";

const SONNER = /[\\/]sonner[\\/]dist[\\/]index\.mjs/;
const SONNER_INSERT = "function __insertCSS(code) {";
const ADOPT = `
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(code);
  document.adoptedStyleSheets.push(sheet);
  return;`;

/** Of react-style-singleton, with which Radix keeps the page from scrolling behind a dialog. */
const SINGLETON = /[\\/]react-style-singleton[\\/]dist[\\/]es2015[\\/]singleton\.js/;
const SINGLETON_CODE = `
export function stylesheetSingleton() {
  let users = 0;
  let sheet = null;
  return {
    add(css) {
      if (users++ > 0) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    },
    remove() {
      if (--users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  };
}`;

export function adoptedStyles(): Plugin {
  return {
    name: "adopted-styles",
    apply: "build",
    transform(code, id) {
      if (SINGLETON.test(id)) return { code: SINGLETON_CODE, map: null };
      if (!SONNER.test(id)) return null;
      if (!code.includes(SONNER_INSERT)) this.error("sonner inserts its styles in another way now");
      return { code: code.replace(SONNER_INSERT, SONNER_INSERT + ADOPT), map: null };
    },
  };
}
