import { type Spread } from "./spread.ts";

/** The newest stands out; the older a version, the nearer it comes to the background. */
export function bandColour(index: number, count: number): string {
  const share = count <= 1 ? 100 : 100 - (index / (count - 1)) * 72;
  return `color-mix(in oklab, var(--accent) ${Math.round(share)}%, var(--line))`;
}

/** Bands on top of each other, the newest version at the bottom: a roll-out is a band that rises. */
export function VersionPicture({ spread, label }: { spread: Spread; label: string }) {
  const { bands, most } = spread;
  const steps = (bands[0]?.machines.length ?? 1) - 1;
  const shapes = bands.map((_, index) => ({
    lower: heights(bands.slice(0, index)),
    upper: heights(bands.slice(0, index + 1)),
  }));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, steps)} ${most}`}
      preserveAspectRatio="none"
      className="min-h-24 w-full flex-1 rounded-sm bg-sunken"
    >
      {shapes.map(({ lower, upper }, index) => (
        <polygon
          key={bands[index]?.version ?? "older"}
          points={[...points(upper), ...points(lower).reverse()].join(" ")}
          style={{ fill: bandColour(index, bands.length) }}
        />
      ))}
    </svg>
  );

  function heights(stacked: Spread["bands"]): number[] {
    return Array.from({ length: steps + 1 }, (_, step) =>
      stacked.reduce((sum, { machines }) => sum + (machines[step] ?? 0), 0),
    );
  }

  function points(values: number[]): string[] {
    return values.map((value, step) => `${step},${most - value}`);
  }
}
