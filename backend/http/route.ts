/** A table of routes: exact paths, and paths that end in `/*`. Files and HTTP actions are not in it. */
import { type IncomingMessage, type ServerResponse } from "node:http";

export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  /** What is behind the question mark, undecoded. */
  query: string;
  /** What stands for the `*` of the path, undecoded. */
  rest: string;
};

export type Route = {
  method: string;
  path: string;
  handle: (exchange: Exchange) => Promise<void>;
};

export type Match =
  | { kind: "found"; route: Route; rest: string }
  | { kind: "wrongMethod"; allowed: string[] }
  | { kind: "none" };

export class RouteTable {
  readonly #exact = new Map<string, Map<string, Route>>();
  readonly #prefixes: { prefix: string; methods: Map<string, Route> }[] = [];

  constructor(routes: Route[]) {
    for (const route of routes) this.#add(route);
  }

  find(method: string, path: string): Match {
    const exact = this.#exact.get(path);
    if (exact) return choose(exact, method, "");
    for (const { prefix, methods } of this.#prefixes) {
      if (path.startsWith(prefix)) return choose(methods, method, path.slice(prefix.length));
    }
    return { kind: "none" };
  }

  #add(route: Route): void {
    this.#methodsOf(route.path).set(route.method, route);
  }

  #methodsOf(path: string): Map<string, Route> {
    const isPrefix = path.endsWith("/*");
    const prefix = path.slice(0, -1);
    const known = isPrefix
      ? this.#prefixes.find((entry) => entry.prefix === prefix)?.methods
      : this.#exact.get(path);
    if (known) return known;
    const methods = new Map<string, Route>();
    if (isPrefix) this.#prefixes.push({ prefix, methods });
    else this.#exact.set(path, methods);
    return methods;
  }
}

function choose(methods: Map<string, Route>, method: string, rest: string): Match {
  // Node leaves the body of an answer to HEAD out by itself.
  const route = methods.get(method) ?? (method === "HEAD" ? methods.get("GET") : undefined);
  return route
    ? { kind: "found", route, rest }
    : { kind: "wrongMethod", allowed: [...methods.keys()] };
}
