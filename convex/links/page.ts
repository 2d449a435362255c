/** The small page behind a link: plain HTML, no scripts, everything escaped. */
import { escapeHtml } from "../../core/escape.ts";

export type LinkPage =
  | { kind: "ask"; machineName: string; count: number }
  | { kind: "done"; what: string }
  | { kind: "already"; by: string }
  | { kind: "over" }
  | { kind: "unknown" };

/** Nothing is loaded, nothing runs, and the address with its token goes to nobody else. */
const headers = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
};

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh;
    background: Canvas; color: CanvasText; color-scheme: light dark; }
  main { width: min(26rem, 90vw); }
  input, button { font: inherit; padding: .6rem .8rem; width: 100%; box-sizing: border-box; margin-top: .6rem; }
`;

export function linkPage(page: LinkPage): Response {
  const { status, title, body } = contentOf(page);
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, { status, headers });
}

function contentOf(page: LinkPage): { status: number; title: string; body: string } {
  switch (page.kind) {
    case "ask":
      return { status: 200, title: `${subjectOf(page)} offline`, body: form };
    case "done":
      return {
        status: 200,
        title: escapeHtml(page.what),
        body: "<p>Everybody can see it now.</p>",
      };
    case "already":
      return {
        status: 409,
        title: "Somebody has it",
        body: `<p>Already acknowledged by ${escapeHtml(page.by)}.</p>`,
      };
    case "over":
      return { status: 410, title: "It is over", body: "<p>There is nothing to acknowledge.</p>" };
    case "unknown":
      return { status: 404, title: "No such link", body: "<p>This link was not made here.</p>" };
    default:
      return page satisfies never;
  }
}

function subjectOf({ machineName, count }: { machineName: string; count: number }): string {
  const name = escapeHtml(machineName);
  return count > 1 ? `${name} and ${count - 1} more are` : `${name} is`;
}

const form = `<form method="post">
  <label>Your name<input name="name" maxlength="60" autocomplete="name"></label>
  <button name="action" value="acknowledge">Acknowledge</button>
  <button name="action" value="snooze">Snooze for one hour</button>
</form>`;
