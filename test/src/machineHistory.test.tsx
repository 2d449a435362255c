/** A machine's past on its page: charts, timeline, uptime by day, what-if, and a new token. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { formatRate } from "@/features/machine/charts/chartSeries.ts";
import { formatShare } from "@/lib/format.ts";
import { axisTimes } from "@/features/machine/charts/axisTimes.ts";
import { chooseLanguage } from "@/texts/texts.ts";
import { DAY, HOUR } from "../../core/time.ts";
import { details, idOf, machine, NOW } from "./support/cast.ts";
import { type Args } from "./support/fakeConvex.ts";
import { backendOfAlice, openApp, tick } from "./support/renderApp.tsx";
import { textOf } from "./support/textOf.ts";

/** jsdom has no canvas: what is handed to the chart library is what it would draw. */
const drawn: { data: unknown[][]; options: DrawnOptions }[] = [];

interface DrawnOptions {
  series: { label?: string; spanGaps?: boolean }[];
  cursor: { sync: { key: string } };
  axes: { values?: (plot: unknown, at: number[], ...more: number[]) => string[] }[];
  hooks: {
    setSelect: ((plot: unknown) => void)[];
    setCursor: ((plot: { cursor: { idx: number | null } }) => void)[];
  };
}

vi.mock("uplot", () => ({
  default: class {
    over = document.createElement("div");
    constructor(options: DrawnOptions, data: unknown[][]) {
      drawn.push({ options, data });
    }
    setSize() {}
    destroy() {}
  },
}));

// Who draws is loaded with the first chart; here it is there from the start.
beforeAll(async () => {
  await import("@/features/machine/charts/drawPlot.ts");
});

beforeEach(() => {
  drawn.length = 0;
});

const path = `/machines/${idOf("web-1")}`;
const machineId = idOf("web-1");

function backendWith(differences = {}) {
  const backend = backendOfAlice();
  backend.answer("machines:get", details(machine("web-1"), differences));
  backend.answer("samples:range", {
    resolution: "raw",
    stepMs: 30_000,
    at: [NOW - 120_000, NOW - 90_000, NOW - 30_000],
    beats: [1, 0, 1],
    series: {
      cpuUsage: { avg: [20, null, 60], min: [], max: [] },
      networkRxBytesPerSecond: { avg: [1_500_000, null, 500_000], min: [], max: [] },
    },
  });
  backend.answer("history:timeline", {
    segments: [
      { from: NOW - HOUR, to: NOW - 300_000, condition: "up" },
      { from: NOW - 300_000, to: NOW - 180_000, condition: "down" },
      { from: NOW - 180_000, to: NOW, condition: "up" },
    ],
    incidents: [],
    outages: [],
  });
  const today = Math.floor(NOW / DAY) * DAY;
  backend.answer("uptime:get", {
    days: [
      { day: today - DAY, upSeconds: 86_340, downSeconds: 60 },
      { day: today, upSeconds: 43_200, downSeconds: 0 },
    ],
    last24Hours: 0.99995,
    last30Days: 1,
    last90Days: null,
  });
  backend.answer("history:whatIf", ({ thresholdMs }: Args) => ({
    until: NOW,
    days: 30,
    shortestMs: 45_000,
    asked:
      thresholdMs === 90_000
        ? { thresholdMs, alerts: 14, underAMinute: 12 }
        : { thresholdMs, alerts: 2, underAMinute: 0 },
    current: { thresholdMs: 120_000, alerts: 2, underAMinute: 0 },
  }));
  return backend;
}

test("S4.7 draws what was measured, leaves gaps as gaps and tells the numbers in words", async () => {
  openApp(path, backendWith());
  expect(await screen.findByRole("img", { name: "CPU: average 40%, highest 60%" })).toBeTruthy();
  expect(
    screen.getByRole("img", { name: "Network: Received: average 1.0 MB/s, highest 1.5 MB/s" }),
  ).toBeTruthy();
  expect(screen.queryByText("Temperature")).toBeNull();
  await waitFor(() =>
    expect(drawn.map(({ options }) => options.series[1]?.label)).toEqual(
      expect.arrayContaining(["CPU", "Received"]),
    ),
  );
  const cpu = drawn.find(({ options }) => options.series[1]?.label === "CPU");
  expect(cpu?.data[1]).toEqual([20, null, 60]);
  expect(cpu?.options.series[1]?.spanGaps).toBe(false);
  expect(new Set(drawn.map(({ options }) => options.cursor.sync.key)).size).toBe(1);
});

test("S4.7 the crosshair tells each line's value and the time, and a gap as a gap", async () => {
  openApp(path, backendWith());
  await screen.findByRole("img", { name: /^Network/ });
  const network = await waitFor(() => {
    const found = drawn.find(({ options }) => options.series[1]?.label === "Received");
    return found ?? Promise.reject(new Error("not drawn yet"));
  });
  const pointAt = (idx: number | null) =>
    act(() => network.options.hooks.setCursor[0]?.({ cursor: { idx } }));
  const caption = () => {
    const [figure] = screen
      .getAllByRole("figure")
      .filter(({ textContent }) => /^Network/.test(textContent));
    return textOf(figure);
  };
  pointAt(2);
  expect(caption()).toMatch(/^NetworkReceived500 kB\/sSent–.*Oct 2/);
  pointAt(1);
  expect(caption()).toMatch(/^NetworkReceived–Sent–/);
  pointAt(null);
  expect(caption()).toContain("average 1.0 MB/s");
});

test("times below the charts and numbers in them are in the language of the page", async () => {
  const noon = new Date(2026, 9, 2, 12).getTime();
  const midnight = new Date(2026, 9, 3).getTime();
  expect(axisTimes([noon, midnight], HOUR)).toEqual(["12:00", "Oct 3"]);
  expect(axisTimes([noon], 10_000)).toEqual(["12:00:00"]);
  expect(axisTimes([midnight], DAY)).toEqual(["Oct 3"]);
  await chooseLanguage("de");
  expect(axisTimes([noon, midnight], 2 * HOUR)).toEqual(["12:00", "3. Okt."]);
  expect(axisTimes([noon], 30 * DAY)).toEqual(["Okt. 26"]);
  expect([formatRate(1_500_000), formatShare(0.9999)]).toEqual(["1,5 MB/s", "99,99%"]);
  await chooseLanguage("en");
});

test("another range asks for its own stretch of time, live ones move on by themselves", async () => {
  const backend = backendWith();
  const spans: number[] = [];
  const ends = new Set<number>();
  backend.answer("samples:range", ({ from, to }: Args) => {
    spans.push(Number(to) - Number(from));
    ends.add(Number(to));
    return { resolution: "5m", stepMs: 1, at: [], beats: [], series: {} };
  });
  const { user } = openApp(path, backend);
  await screen.findByText("Nothing was measured in this time");
  tick(60_000);
  await waitFor(() => expect(ends.size).toBe(2));
  await user.click(screen.getByRole("radio", { name: "7 d" }));
  await waitFor(() => expect(new Set(spans)).toEqual(new Set([HOUR, 7 * DAY])));
});

test("dragging over a chart zooms all of them, and Zoom out goes back", async () => {
  const { user } = openApp(path, backendWith());
  await waitFor(() => expect(drawn.length).toBeGreaterThanOrEqual(2));
  act(() =>
    drawn[0]?.options.hooks.setSelect[0]?.({
      select: { left: 10, width: 40 },
      posToVal: (px: number) => (NOW - HOUR) / 1_000 + px,
    }),
  );
  await user.click(await screen.findByRole("button", { name: "Zoom out" }));
  expect(screen.queryByRole("button", { name: "Zoom out" })).toBeNull();
});

test("the status timeline is told in words", async () => {
  openApp(path, backendWith());
  expect(await screen.findByRole("img", { name: "Status: online 58m, offline 2m" })).toBeTruthy();
});

test("the uptime bar is walked by keyboard, and no outage is rounded away", async () => {
  const { user } = openApp(path, backendWith());
  const bar = await screen.findByRole("slider", { name: "Uptime by day" });
  expect(bar.getAttribute("aria-valuetext")).toMatch(/2026: 100% up$/);
  act(() => bar.focus());
  await user.keyboard("{ArrowLeft}");
  expect(bar.getAttribute("aria-valuetext")).toMatch(/2026: 99\.93% up, offline 1m$/);
  const card = textOf(screen.getByRole("region", { name: "Uptime" }));
  expect(card).toContain("24 hours99.99%");
  expect(card).toContain("30 days100%");
  expect(card).toContain("90 days–");
});

test("another threshold is tried on the past before it is set", async () => {
  const backend = backendWith();
  backend.handle("machines:update", () => null);
  const { user } = openApp(path, backend);
  const card = within(await screen.findByRole("region", { name: "What if" }));
  expect(
    await card.findByText("With 2m: 2 alerts in 30 days, none of them under a minute."),
  ).toBeTruthy();
  const slider = card.getByRole("slider");
  fireEvent.change(slider, {
    target: { value: String(Number((slider as HTMLInputElement).value) - 1) },
  });
  expect(
    await card.findByText(
      "With 1m 30s: 14 alerts in 30 days, 12 of them under a minute. Now, with 2m: 2 alerts.",
    ),
  ).toBeTruthy();
  await user.click(card.getByRole("button", { name: "Use 1m 30s" }));
  expect(backend.calls).toEqual([
    { name: "machines:update", args: { machineId, offlineThresholdMs: 90_000 } },
  ]);
});

test("S4.8 a new token is made in the browser and shown once", async () => {
  const backend = backendWith();
  backend.handle("secrets:rotate", () => ({ previousExpiresAt: NOW + DAY }));
  const { user } = openApp(path, backend);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.click(await screen.findByRole("button", { name: "Make a new token" }));
  const shown = textOf(await screen.findByLabelText("new token"));
  const { secret } = backend.calls[0]?.args as { secret: string };
  expect(shown).toBe(`${machineId}:${secret}`);
  await user.click(screen.getByRole("button", { name: "I have stored it" }));
  expect(screen.queryByText(shown)).toBeNull();
});

test("S4.8 while both tokens work, the page says who uses which, and ends the old one on request", async () => {
  const rotation = {
    previousExpiresAt: NOW + DAY,
    previousUsedAt: NOW - 60_000,
    currentUsedAt: null,
  };
  const backend = backendWith({ rotation });
  backend.handle("secrets:revoke", () => null);
  const { user } = openApp(path, backend);
  const card = await screen.findByRole("region", { name: "Token" });
  expect(textOf(card)).toContain("New tokennot used yet");
  expect(textOf(card)).toContain("Old tokenused 1m ago");
  await user.click(within(card).getByRole("button", { name: "Revoke the old one now" }));
  expect(backend.calls).toEqual([
    { name: "secrets:revoke", args: { machineId, which: "previous" } },
  ]);
});
