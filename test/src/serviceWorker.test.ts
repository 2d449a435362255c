import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, test } from "vitest";

const source = readFileSync("public/sw.js", "utf8");
const ORIGIN = "https://rollcall.example";

interface Shown {
  title: string;
  options: { tag: string; body: string; data: unknown; actions: { action: string }[] };
}

/** What a browser is to a service worker. */
class FakeBrowser {
  shown: Shown[] = [];
  opened: string[] = [];
  windows: { focus: () => Promise<{ navigate: (url: string) => Promise<object> }> }[] = [];
  private listeners = new Map<string, (event: object) => void>();

  constructor() {
    const self = {
      location: { origin: ORIGIN },
      skipWaiting: () => undefined,
      addEventListener: (type: string, listener: (event: object) => void) =>
        this.listeners.set(type, listener),
      registration: {
        showNotification: async (title: string, options: Shown["options"]) =>
          void this.shown.push({ title, options }),
      },
      clients: {
        claim: async () => undefined,
        matchAll: async () => this.windows,
        openWindow: async (url: string) => void this.opened.push(url),
      },
    };
    runInNewContext(source, { self, URL });
  }

  /** A page that shows us, and where it is sent. */
  addWindow(): string[] {
    const visited: string[] = [];
    const navigate = async (url: string) => ({ visited: visited.push(url) });
    this.windows.push({ focus: async () => ({ navigate }) });
    return visited;
  }

  async push(text: string): Promise<Shown> {
    await this.dispatch("push", { data: { json: () => JSON.parse(text) as unknown } });
    return this.shown.at(-1)!;
  }

  async click(data: unknown, action = ""): Promise<void> {
    const notification = { data, close: () => undefined };
    await this.dispatch("notificationclick", { notification, action });
  }

  private async dispatch(type: string, event: object): Promise<void> {
    const waiting: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => waiting.push(work);
    this.listeners.get(type)!({ ...event, waitUntil });
    await Promise.all(waiting);
  }
}

let browser: FakeBrowser;

beforeEach(() => {
  browser = new FakeBrowser();
});

const alarm = {
  title: "🔴 web-1 is offline",
  body: "Silent for 2m",
  tag: "d1",
  at: 1,
  path: "/machines/m1",
  acknowledgeUrl: "https://site.example/a/d1.sig",
};

describe("the service worker", () => {
  test("shows a message, with a button where there is something to acknowledge", async () => {
    const { title, options } = await browser.push(JSON.stringify(alarm));
    expect(title).toBe(alarm.title);
    expect(options).toMatchObject({ tag: "d1", body: "Silent for 2m" });
    expect(options.actions.map(({ action }) => action)).toEqual(["acknowledge"]);
    const back = await browser.push(JSON.stringify({ ...alarm, acknowledgeUrl: null }));
    expect(back.options.actions).toEqual([]);
  });

  test("shows something even where it cannot read the message", async () => {
    expect((await browser.push("{")).title).toBe("Rollcall");
  });

  test("opens the machine's page, in the window that is there", async () => {
    const { options } = await browser.push(JSON.stringify(alarm));
    await browser.click(options.data);
    expect(browser.opened).toEqual([`${ORIGIN}/machines/m1`]);
    const visited = browser.addWindow();
    await browser.click(options.data);
    expect(visited).toEqual([`${ORIGIN}/machines/m1`]);
    expect(browser.opened).toHaveLength(1);
  });

  test("opens the link to acknowledge by its button", async () => {
    await browser.click({ path: "/", acknowledgeUrl: alarm.acknowledgeUrl }, "acknowledge");
    expect(browser.opened).toEqual([alarm.acknowledgeUrl]);
  });

  test.each(["https://evil.example/", "//evil.example/", "javascript:alert(1)"])(
    "is not led away by the path %s",
    async (path) => {
      await browser.click({ path, acknowledgeUrl: null });
      expect(browser.opened).toEqual([ORIGIN]);
    },
  );
});
