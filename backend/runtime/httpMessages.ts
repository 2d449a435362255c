/**
 * HTTP actions see the platform's Request and give its Response; the threads exchange plain data. Bodies are whole in
 * memory on both sides, so the usual ways to read and write them are answered from there: the platform's own way makes
 * two streams for each request, which is most of what a small request costs.
 */
import type { HttpRequest, HttpResponse } from "./engine.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A Request whose body is at hand. What is not overridden (`formData`, `blob`, streaming) is the platform's own. */
class BufferedRequest extends Request {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #init: RequestInit;
  #platform: Request | null = null;
  #used = false;

  constructor(url: string, init: RequestInit, bytes: Uint8Array<ArrayBuffer>) {
    super(url, init);
    this.#bytes = bytes;
    this.#init = init;
  }

  override get bodyUsed(): boolean {
    return this.#used || this.#platform?.bodyUsed === true;
  }

  override get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#whole().body;
  }

  override async text(): Promise<string> {
    return decoder.decode(this.#take());
  }

  override async json(): Promise<unknown> {
    return JSON.parse(decoder.decode(this.#take())) as unknown;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#take().slice().buffer;
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#take().slice();
  }

  override blob(): Promise<Blob> {
    return this.#whole().blob();
  }

  override formData(): Promise<FormData> {
    return this.#whole().formData();
  }

  override clone(): Request {
    if (this.bodyUsed) throw new TypeError("The body was already read: clone the request before.");
    return new BufferedRequest(this.url, this.#init, this.#bytes);
  }

  #take(): Uint8Array<ArrayBuffer> {
    if (this.bodyUsed) throw new TypeError("Body is unusable: Body has already been read");
    this.#used = true;
    return this.#bytes;
  }

  #whole(): Request {
    this.#platform ??= new Request(this.url, { ...this.#init, body: this.#take() });
    return this.#platform;
  }
}

export function toRequest({ method, url, headers, body }: HttpRequest): Request {
  const carriesBody = body !== null && body.byteLength > 0 && method !== "GET" && method !== "HEAD";
  if (!carriesBody) return new Request(url, { method, headers });
  return new BufferedRequest(url, { method, headers }, body as Uint8Array<ArrayBuffer>);
}

/** What a Response of user code was made of, where that was a string. */
const texts = new WeakMap<Response, string>();

/** Makes `new Response(text)` and `Response.json(value)` remember their text. Once, in a worker that runs HTTP actions. */
export function rememberResponseTexts(): void {
  const Platform = globalThis.Response;
  globalThis.Response = class Response extends Platform {
    constructor(body?: BodyInit | null, init?: ResponseInit) {
      super(body, init);
      if (typeof body === "string") texts.set(this, body);
    }

    static override json(value: unknown, init?: ResponseInit): Response {
      const headers = new Headers(init?.headers);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
      return new Response(JSON.stringify(value), { ...init, headers });
    }
  };
}

export async function readHttpResponse(response: Response): Promise<HttpResponse> {
  if (!(response instanceof Response)) {
    throw new Error("An HTTP action must return a Response.");
  }
  const headers: [string, string][] = [];
  response.headers.forEach((value, name) => headers.push([name, value]));
  return { status: response.status, headers, body: await bodyOf(response) };
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const text = response.bodyUsed ? undefined : texts.get(response);
  // Not Buffer.from: its bytes lie in a shared slab, all of which would be copied to the other thread.
  if (text !== undefined) return encoder.encode(text);
  return response.body === null ? new Uint8Array() : new Uint8Array(await response.arrayBuffer());
}
