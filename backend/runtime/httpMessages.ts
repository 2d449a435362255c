/** HTTP actions see the platform's Request and give its Response; the threads exchange plain data. */
import type { HttpRequest, HttpResponse } from "./engine.ts";

export function toRequest({ method, url, headers, body }: HttpRequest): Request {
  const carriesBody = body !== null && body.byteLength > 0 && method !== "GET" && method !== "HEAD";
  return new Request(
    url,
    carriesBody ? { method, headers, body: body as Uint8Array<ArrayBuffer> } : { method, headers },
  );
}

export async function readHttpResponse(response: Response): Promise<HttpResponse> {
  if (!(response instanceof Response)) {
    throw new Error("An HTTP action must return a Response.");
  }
  const headers: [string, string][] = [];
  response.headers.forEach((value, name) => headers.push([name, value]));
  const body =
    response.body === null ? new Uint8Array() : new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers, body };
}
