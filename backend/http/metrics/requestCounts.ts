/** Counts the requests of the HTTP servers by the class of their answers. Upgrades to WebSockets are none of these. */
import { type Server } from "node:http";
import { type MetricFamily } from "./exposition.ts";

export class RequestCounts {
  readonly #finished = new Map<string, Map<string, number>>();
  #open = 0;

  /** `name` becomes a label. */
  follow(name: string, server: Server): void {
    const byClass = new Map<string, number>();
    this.#finished.set(name, byClass);
    server.on("request", (_, response) => {
      this.#open += 1;
      response.once("close", () => {
        this.#open -= 1;
        const kind = response.writableFinished
          ? `${Math.floor(response.statusCode / 100)}xx`
          : "aborted";
        byClass.set(kind, (byClass.get(kind) ?? 0) + 1);
      });
    });
  }

  families(prefix: string): MetricFamily[] {
    return [
      {
        name: `${prefix}http_requests_total`,
        help: "HTTP requests by port and class of the answer.",
        type: "counter",
        samples: [...this.#finished].flatMap(([server, byClass]) =>
          [...byClass].map(([status, value]) => ({ labels: { server, status }, value })),
        ),
      },
      {
        name: `${prefix}http_requests_open`,
        help: "HTTP requests without an answer so far.",
        type: "gauge",
        samples: [{ value: this.#open }],
      },
    ];
  }
}
