/** Whole answers in one write. */
import { type ServerResponse } from "node:http";

export function sendJson(response: ServerResponse, status: number, json: string): void {
  sendText(response, status, json, "application/json");
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": body.length,
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
