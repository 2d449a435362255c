/** The first port: sync sockets, the function API, CLI endpoints, HTTP actions under `/http`, and the page. */
import { type IncomingMessage, type ServerResponse } from "node:http";
import { allowOrigin, answerPreflight } from "./cors.ts";
import { HttpError, sendError } from "./httpError.ts";
import { type HttpActions } from "./httpActions.ts";
import { type BuiltPage } from "./page/builtPage.ts";
import { type Route, RouteTable } from "./route.ts";
import { sendText } from "./send.ts";

const ACTIONS_PREFIX = "/http";

export type MainServerOptions = {
  routes: Route[];
  httpActions: HttpActions;
  /** Null: there is no page, the root says that this is a backend. */
  page: BuiltPage | null;
  log: (message: string) => void;
};

export class MainServer {
  readonly #options: MainServerOptions;
  readonly #table: RouteTable;

  constructor(options: MainServerOptions) {
    this.#options = options;
    this.#table = new RouteTable(options.routes);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "/";
    const question = url.indexOf("?");
    const path = question < 0 ? url : url.slice(0, question);
    if (path === ACTIONS_PREFIX || path.startsWith(`${ACTIONS_PREFIX}/`)) {
      const target = url.slice(ACTIONS_PREFIX.length);
      this.#options.httpActions.handle(
        request,
        response,
        target.startsWith("/") ? target : `/${target}`,
      );
      return;
    }
    const query = question < 0 ? "" : url.slice(question + 1);
    this.#handle(request, response, path, query).catch((error: unknown) =>
      sendError(response, error, this.#options.log),
    );
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
  ): Promise<void> {
    const method = request.method ?? "GET";
    const match = this.#table.find(method, path);
    if (match.kind === "none" && !path.startsWith("/api/")) {
      await this.#servePage(request, response, path);
      return;
    }
    allowOrigin(request, response);
    if (method === "OPTIONS") {
      answerPreflight(request, response);
      return;
    }
    switch (match.kind) {
      case "found":
        await match.route.handle({ request, response, query, rest: match.rest });
        return;
      case "wrongMethod":
        response.setHeader("allow", match.allowed.join(", "));
        throw new HttpError(405, "MethodNotAllowed", `${path} does not take ${method}.`);
      case "none":
        throw new HttpError(404, "NotFound", `There is no endpoint ${path} in this backend.`);
      default:
        match satisfies never;
    }
  }

  async #servePage(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { page } = this.#options;
    if (page) await page.handle(request, response, path);
    else if (path === "/") sendText(response, 200, "This Convex backend is running.\n");
    else throw new HttpError(404, "NotFound", `There is nothing at ${path}.`);
  }
}
