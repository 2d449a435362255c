/** Stretches of time marked behind a chart's lines: tinted for incidents, hatched where the monitor itself was away. */
import type uPlot from "uplot";
import { SECOND } from "../../../../core/time.ts";
import { type Stretch } from "./useChartRange.ts";

interface Bands {
  stretches: Stretch[];
  colour: string;
  isHatched: boolean;
}

const HATCH_PX = 6;
/** A short incident in a long chart is still a mark. */
const MIN_WIDTH_PX = 2;

export function bandsPlugin(bands: Bands[]): uPlot.Plugin {
  return {
    hooks: {
      drawClear: [
        (plot) => {
          for (const { stretches, colour, isHatched } of bands) {
            for (const stretch of stretches) draw(plot, stretch, colour, isHatched);
          }
        },
      ],
    },
  };
}

function draw(plot: uPlot, { from, to }: Stretch, colour: string, isHatched: boolean): void {
  const { ctx, bbox } = plot;
  const left = Math.max(bbox.left, plot.valToPos(from / SECOND, "x", true));
  const right = Math.min(bbox.left + bbox.width, plot.valToPos(to / SECOND, "x", true));
  if (right < bbox.left || left > bbox.left + bbox.width) return;
  const width = Math.max(MIN_WIDTH_PX, right - left);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = isHatched ? 0.5 : 0.16;
  if (isHatched) {
    ctx.strokeStyle = colour;
    ctx.beginPath();
    for (let x = left - bbox.height; x < left + width; x += HATCH_PX) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
  } else {
    ctx.fillStyle = colour;
    ctx.fillRect(left, bbox.top, width, bbox.height);
  }
  ctx.restore();
}
