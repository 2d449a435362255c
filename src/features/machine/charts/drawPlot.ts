/** Draws one chart with uPlot: lines, gaps, marks, shared crosshair and drag to zoom. Knows nothing of React. */
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { SECOND } from "../../../../core/time.ts";
import { axisTimes } from "./axisTimes.ts";
import { bandsPlugin } from "./bands.ts";
import { PLOT_HEIGHT_PX, type PlotProps } from "./Plot.tsx";

/** All charts of the page show the same moment under the pointer. */
const CURSOR_GROUP = "machine";

/** Draws into the element and follows its width. Returns how to undo both. */
export function drawPlot(
  props: PlotProps,
  element: HTMLElement,
  onPoint: (index: number | null) => void,
): () => void {
  const plot = new uPlot(optionsOf(props, element, onPoint), dataOf(props), element);
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(element)));
  observer.observe(element);
  plot.over.addEventListener("dblclick", props.onZoomOut);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

function sizeOf(element: HTMLElement) {
  return { width: Math.max(1, element.clientWidth), height: PLOT_HEIGHT_PX * textScale() };
}

/** By how much the page's texts are larger than usual: on very wide screens, or as the reader wants them. */
function textScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

function dataOf({ at, columns }: PlotProps): uPlot.AlignedData {
  return [at.map((ms) => ms / SECOND), ...columns.map(({ avg }) => avg)];
}

function optionsOf(
  props: PlotProps,
  element: HTMLElement,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const { definition, stretch, onZoom } = props;
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const scale = textScale();
  const axis = {
    stroke: token("--ink-faint"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    font: `${11 * scale}px ${style.fontFamily}`,
  };
  return {
    ...sizeOf(element),
    // At the right there is room for half of the last time.
    padding: [8, 18 * scale, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: CURSOR_GROUP },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      x: { range: [stretch.from / SECOND, stretch.to / SECOND] },
      y: { range: (_plot, _min, max) => [0, definition.max ?? Math.max(1, (max || 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        size: 28 * scale,
        space: 46 * scale,
        values: (_plot, values, _axis, _space, step) =>
          axisTimes(
            values.map((seconds) => seconds * SECOND),
            step * SECOND,
          ),
      },
      {
        ...axis,
        size: 62 * scale,
        space: 32 * scale,
        values: (_plot, values) => values.map((value) => definition.format(value)),
      },
    ],
    series: [
      {},
      ...definition.lines.map(({ label, colour }, index) => ({
        label,
        stroke: token(colour),
        width: 1.5,
        spanGaps: false,
        points: { show: false },
        ...(index === 0 && { fill: `color-mix(in oklab, ${token(colour)} 12%, transparent)` }),
      })),
    ],
    plugins: [
      bandsPlugin([
        { stretches: props.incidents, colour: token("--offline-fill"), isHatched: false },
        { stretches: props.outages, colour: token("--ink-faint"), isHatched: true },
      ]),
    ],
    hooks: {
      // Of all charts that share the crosshair, whichever one the pointer is over.
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          onZoom({
            from: plot.posToVal(left, "x") * SECOND,
            to: plot.posToVal(left + width, "x") * SECOND,
          });
        },
      ],
    },
  };
}
