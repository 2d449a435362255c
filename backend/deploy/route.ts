/** What the CLI endpoints look like to the HTTP server that mounts them. Says nothing of sockets. */

export type DeployRequest = {
  method: string;
  /** What stands for the `*` of the route's path, undecoded. */
  rest: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  /** The parsed JSON body, decompressed; undefined if there is none or the route takes bytes. */
  body: unknown;
  /** The body as it came, for routes that take bytes. */
  bytes: Uint8Array;
  /** Aborted when the client goes away: for long polls. */
  signal: AbortSignal;
};

/** `json` is any JSON value; `bytes` go out as they are, as does the file with the path `file`. */
export type DeployResponse =
  | { status?: number; json: unknown }
  | { status?: number; headers?: Record<string, string>; bytes: Uint8Array }
  | {
      status?: number;
      headers?: Record<string, string>;
      file: string;
      /** Called when it was sent, or could not be. */
      sent?: () => void;
    };

export type DeployRoute = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Exact, or ending in `/*`. */
  path: string;
  /** Who may call; checked before the body is read. An admin unless said otherwise. */
  access?: "admin" | "anyone";
  /** How the body is given: parsed JSON unless said otherwise. */
  takes?: "json" | "bytes";
  /** Errors with `httpStatus` and `code` (EngineError) are answered as `{code, message}`, others as 500. */
  handler: (request: DeployRequest) => Promise<DeployResponse>;
};
