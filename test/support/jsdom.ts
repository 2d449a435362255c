/** What jsdom lacks and the page needs, and a clean slate after each test. */
import { cleanup, configure } from "@testing-library/react";
import { toast } from "sonner";
import { afterAll, afterEach, beforeEach, vi } from "vitest";

// The machines that run this are shared: a lazy page may take its time.
configure({ asyncUtilTimeout: 5_000 });
vi.setConfig({ testTimeout: 20_000 });

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** Media queries that hold; a test adds what it needs, such as a dark system. */
export const matchingQueries = new Set<string>();

beforeEach(() => {
  matchingQueries.clear();
  matchingQueries.add("(min-width: 44rem)");
  vi.stubGlobal("ResizeObserver", NoObserver);
  vi.stubGlobal("matchMedia", (query: string) => ({
    media: query,
    get matches() {
      return matchingQueries.has(query);
    },
    addEventListener() {},
    removeEventListener() {},
  }));
  vi.stubGlobal("scrollTo", () => {});
  Element.prototype.scrollIntoView = () => {};
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.setPointerCapture = () => {};
});

/** So long a toast that is gone is still taken off the page, which must not be gone by then. */
const TOAST_GOES_MS = 250;

afterAll(async () => {
  if (toast.getHistory().length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, TOAST_GOES_MS));
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
