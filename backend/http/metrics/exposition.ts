/** Prometheus' text format, version 0.0.4, for names, labels and texts that are all our own: nothing is escaped. */

export type MetricFamily = {
  name: string;
  help: string;
  type: "gauge" | "counter" | "histogram";
  /** `suffix` is `_bucket`, `_sum` or `_count` of a histogram. */
  samples: { suffix?: string; labels?: Record<string, string>; value: number }[];
};

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export const gauge = (name: string, help: string, value: number): MetricFamily => ({
  name,
  help,
  type: "gauge",
  samples: [{ value }],
});

export const counter = (name: string, help: string, value: number): MetricFamily => ({
  ...gauge(name, help, value),
  type: "counter",
});

/** `counts` has one number more than there are `bounds`: for what lies above all of them. */
export function histogram(
  name: string,
  help: string,
  { bounds, counts, sum }: { bounds: number[]; counts: number[]; sum: number },
): MetricFamily {
  let total = 0;
  const buckets = counts.map((count, place) => {
    total += count;
    return { suffix: "_bucket", labels: { le: String(bounds[place] ?? "+Inf") }, value: total };
  });
  const ends = [
    { suffix: "_sum", value: sum },
    { suffix: "_count", value: total },
  ];
  return { name, help, type: "histogram", samples: [...buckets, ...ends] };
}

/** Families without samples are left out. */
export function exposition(families: MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(
        ({ suffix = "", labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}\n`,
      );
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
