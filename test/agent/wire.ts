/** What the server's own parser says to an agent's body. */
import { enrolBody, parseBody, parseHeartbeats, registerBody } from "../../core/agentApi.ts";

export function heartbeatBodySchemaAccepts(body: unknown): boolean {
  return parseHeartbeats(body).ok;
}

export function registerBodySchemaAccepts(body: unknown): boolean {
  return parseBody(registerBody, body).ok;
}

export function enrolBodySchemaAccepts(body: unknown): boolean {
  return parseBody(enrolBody, body).ok;
}
