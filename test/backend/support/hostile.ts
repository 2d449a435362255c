/** Requests and sync messages as no official client would send them, and as few a hair's breadth away from good ones. */
import fc from "fast-check";

const junk = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    "",
    "..",
    "%",
    "%00",
    "/../../etc/passwd",
    "\u{1f600}",
    "__proto__",
    "constructor",
  ),
);

/** Values as JSON has them, some with the names that mean something here. */
export const json: fc.Arbitrary<unknown> = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 53, "", "x".repeat(5_000)),
    junk,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        junk,
        fc.constantFrom(
          ..."path args format $integer $float $bytes type queries changes name value".split(" "),
          ..."schemaChange startPush appDefinition functions uploadToken partNumbers importId".split(
            " ",
          ),
        ),
      ),
      tie("json"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).json;

const functionPath = fc.oneof(
  junk,
  fc.constantFrom(
    "a:b",
    "_system/cli/tables",
    "_builtin/storage:delete",
    "_system/frontend/x",
    ":",
  ),
);
const call = fc.record(
  { path: functionPath, args: fc.oneof(json, fc.constant([{}]), fc.constant({})), format: json },
  { requiredKeys: ["path"] },
);

const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

export type HostileRequest = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | string | undefined;
};

/** `paths` are those that exist, `key` opens the privileged ones. */
export const hostileRequest = (paths: string[], key: string): fc.Arbitrary<HostileRequest> =>
  fc.record({
    method: fc.constantFrom("GET", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"),
    path: fc
      .tuple(
        fc.oneof(fc.constantFrom(...paths), fc.constantFrom("/", "/http/x", "/api/", "/%2e%2e/x")),
        fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: junk }),
        fc.oneof(
          fc.constant(""),
          fc.tuple(junk, junk).map(([name, value]) => `?${name}=${value}`),
          json.map((value) => `?path=a:b&args=${encodeURIComponent(JSON.stringify(value))}`),
        ),
      )
      .map(
        ([path, rest, query]) =>
          path.replace(/\*$/, "x") + encodeURI(rest).slice(0, 200) + encodeURI(query),
      ),
    headers: fc.record(
      {
        authorization: fc.constantFrom(
          `Convex ${key}`,
          `Convex ${key}`,
          `Convex ${key}:e30=`,
          `Convex ${key}:not base64`,
          "Convex wrong",
          "Bearer a.b.c",
          "Bearer eyJhbGciOiJub25lIn0.e30.",
          "Basic eDp5",
          "",
        ),
        "content-encoding": fc.constantFrom("br", "gzip", "deflate", "identity", "zip"),
        "content-type": fc.constantFrom("application/json", "text/plain", "multipart/form-data"),
        "convex-client": fc.constantFrom("npm-1.48.0", "npm-0.0.1", "x", "python-0.1.0"),
        range: fc.constantFrom("bytes=0-", "bytes=9-1", "bytes=-0", "lines=1-2"),
        digest: fc.constantFrom("sha-256=x", "md5=abc"),
        origin: fc.constantFrom("null", "https://elsewhere.example", "x"),
      },
      { requiredKeys: [] },
    ),
    body: fc.oneof(
      fc.constant(undefined),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.slice()),
      json.map((value) => JSON.stringify(value)),
      call.map((value) => JSON.stringify(value)),
      fc.array(call, { maxLength: 3 }).map((queries) => JSON.stringify({ queries })),
      fc.constantFrom(deep(100_000), `{"path":"a:b","args":{"a":${deep(20_000)}}}`, '{"path":'),
    ),
  });

const sessionId = "6f1f4fd5-3b0a-4e39-9a4b-1a8b6b1f0c11";
const small = fc.constantFrom<unknown>(0, 1, 2, -1, 2 ** 32, null, "0");

const message = fc.oneof(
  fc.record(
    {
      type: fc.constant("Connect"),
      sessionId: fc.oneof(fc.constant(sessionId), junk),
      connectionCount: json,
      lastCloseReason: json,
      maxObservedTimestamp: fc.oneof(fc.constantFrom("AAAAAAAAAAA=", "/////////38="), junk),
      clientTs: json,
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("Authenticate"),
      tokenType: fc.constantFrom("Admin", "User", "None", "Other"),
      value: junk,
      baseVersion: small,
      impersonating: json,
    },
    { requiredKeys: ["type", "tokenType"] },
  ),
  fc.record({
    type: fc.constant("ModifyQuerySet"),
    baseVersion: small,
    newVersion: small,
    modifications: fc.array(
      fc.oneof(
        fc.record(
          {
            type: fc.constant("Add"),
            queryId: small,
            udfPath: functionPath,
            args: fc.oneof(fc.constant([{}]), json),
            journal: fc.oneof(fc.constant(null), junk),
            componentPath: junk,
          },
          { requiredKeys: ["type", "queryId", "udfPath", "args"] },
        ),
        fc.record({ type: fc.constant("Remove"), queryId: small }),
        json,
      ),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    type: fc.constantFrom("Mutation", "Action"),
    requestId: small,
    udfPath: functionPath,
    args: fc.oneof(fc.constant([{}]), json),
  }),
  fc.record({ type: fc.constant("Event"), eventType: junk, event: json }),
  fc.record({ type: junk }),
  json,
);

/** What a client says; the first message is often a good one, or nothing else would be reached. */
export const hostileTalk: fc.Arbitrary<(string | Uint8Array)[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof(
        {
          weight: 8,
          arbitrary: message.map((one): string | Uint8Array => JSON.stringify(one) ?? ""),
        },
        { weight: 1, arbitrary: junk },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
        {
          weight: 1,
          arbitrary: fc.constant(
            `{"type":"Mutation","requestId":1,"udfPath":"a:b","args":[{"a":${deep(20_000)}}]}`,
          ),
        },
      ),
      { maxLength: 6 },
    ),
  )
  .map(([isGreeting, said]) =>
    isGreeting ? [JSON.stringify({ type: "Connect", sessionId }), ...said] : said,
  );
