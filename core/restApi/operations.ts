/** The REST API as one table: what is where, who may, what goes in and out. The router and the document follow it. */
import * as z from "zod";
import type { RestErrorCode } from "./errors.ts";
import * as schemas from "./schemas.ts";

type Method = "GET" | "POST" | "DELETE";
/** `public` takes no key, `optional` tells more with one. */
type Access = "public" | "optional" | "read" | "write";

export interface Operation {
  method: Method;
  /** Parameters in braces: `{machineId}`. */
  path: string;
  summary: string;
  access: Access;
  query: z.ZodType;
  body?: z.ZodType;
  status: 200 | 201 | 204;
  /** A schema for JSON, a media type for anything else, null for nothing. */
  answer: z.ZodType | string | null;
  /** Besides those that every operation with this access may give. */
  errors: RestErrorCode[];
}

export const operations = {
  listMachines: {
    method: "GET",
    path: "/api/v1/machines",
    summary: "Machines of the fleet, by machine id",
    access: "read",
    query: schemas.machinesQuery,
    status: 200,
    answer: schemas.machinesAnswer,
    errors: ["badRequest"],
  },
  countMachines: {
    method: "GET",
    path: "/api/v1/machines/counts",
    summary: "How many machines are online, of how many",
    access: "read",
    query: schemas.noQuery,
    status: 200,
    answer: schemas.countsAnswer,
    errors: ["badRequest"],
  },
  getMachine: {
    method: "GET",
    path: "/api/v1/machines/{machineId}",
    summary: "One machine, with its last metrics and its uptime",
    access: "read",
    query: schemas.noQuery,
    status: 200,
    answer: schemas.machine,
    errors: ["badRequest", "notFound"],
  },
  createMachine: {
    method: "POST",
    path: "/api/v1/machines",
    summary: "Add a machine",
    access: "write",
    query: schemas.noQuery,
    body: schemas.newMachine,
    status: 201,
    answer: schemas.newMachineAnswer,
    errors: ["badRequest", "duplicateMachineId", "limitReached", "notStorable", "tooLarge"],
  },
  deleteMachine: {
    method: "DELETE",
    path: "/api/v1/machines/{machineId}",
    summary: "Delete a machine; it can be restored for thirty days",
    access: "write",
    query: schemas.noQuery,
    status: 204,
    answer: null,
    errors: ["badRequest", "notFound"],
  },
  getMetrics: {
    method: "GET",
    path: "/api/v1/machines/{machineId}/metrics",
    summary: "What a machine measured",
    access: "read",
    query: schemas.metricsQuery,
    status: 200,
    answer: schemas.metricsAnswer,
    errors: ["badRequest", "notFound"],
  },
  listIncidents: {
    method: "GET",
    path: "/api/v1/incidents",
    summary: "Incidents, latest first",
    access: "read",
    query: schemas.incidentsQuery,
    status: 200,
    answer: schemas.incidentsAnswer,
    errors: ["badRequest"],
  },
  exportLedger: {
    method: "GET",
    path: "/api/v1/deliveries/ledger",
    summary: "The hash chain over decisions and deliveries, oldest first, a JSON object per line",
    access: "read",
    query: schemas.ledgerQuery,
    status: 200,
    answer: "application/jsonl",
    errors: ["badRequest"],
  },
  listVersions: {
    method: "GET",
    path: "/api/v1/versions",
    summary: "How many machines run which version",
    access: "read",
    query: schemas.noQuery,
    status: 200,
    answer: schemas.versionsAnswer,
    errors: ["badRequest"],
  },
  getMetricsText: {
    method: "GET",
    path: "/metrics",
    summary: "The fleet for Prometheus",
    access: "read",
    query: schemas.noQuery,
    status: 200,
    answer: "text/plain",
    errors: ["badRequest"],
  },
  getStatus: {
    method: "GET",
    path: "/api/v1/status/{slug}",
    summary: "A public status page",
    access: "public",
    query: schemas.noQuery,
    status: 200,
    answer: schemas.statusAnswer,
    errors: ["badRequest", "notFound"],
  },
  getStatusBadge: {
    method: "GET",
    path: "/api/v1/status/{slug}/badge.svg",
    summary: "A badge of a public status page",
    access: "public",
    query: schemas.noQuery,
    status: 200,
    answer: "image/svg+xml",
    errors: ["badRequest", "notFound"],
  },
  getItemBadge: {
    method: "GET",
    path: "/api/v1/status/{slug}/{itemId}/badge.svg",
    summary: "A badge of one item of a public status page",
    access: "public",
    query: schemas.badgeQuery,
    status: 200,
    answer: "image/svg+xml",
    errors: ["badRequest", "notFound"],
  },
  getHealth: {
    method: "GET",
    path: "/health",
    summary: "Whether this installation works; 503 where it does not",
    access: "optional",
    query: z.object({}),
    status: 200,
    answer: schemas.healthAnswer,
    errors: [],
  },
  getOpenApi: {
    method: "GET",
    path: "/api/v1/openapi.json",
    summary: "This document",
    access: "public",
    query: schemas.noQuery,
    status: 200,
    answer: "application/json",
    errors: [],
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** What goes wrong whatever is asked, by who may ask. */
export function errorsOf({ access, errors }: Operation): RestErrorCode[] {
  const always: RestErrorCode[] = ["unavailable"];
  if (access === "public") return [...errors, ...always];
  const withKey: RestErrorCode[] = ["unauthorized", "rateLimited"];
  if (access === "write") withKey.push("forbidden");
  return [...errors, ...withKey, ...always];
}

export type Match =
  | { kind: "found"; id: OperationId; params: Record<string, string> }
  | { kind: "notFound" }
  | { kind: "methodNotAllowed"; allowed: string[] };

/** The operation that a request asks for. Fixed addresses come before those with parameters. */
export function match(method: string, pathname: string): Match {
  const candidates = (Object.keys(operations) as OperationId[]).flatMap((id) => {
    const params = paramsOf(operations[id].path, pathname);
    return params === null ? [] : [{ id, params }];
  });
  if (candidates.length === 0) return { kind: "notFound" };
  const fewest = Math.min(...candidates.map(({ params }) => Object.keys(params).length));
  const closest = candidates.filter(({ params }) => Object.keys(params).length === fewest);
  const found = closest.find(({ id }) => operations[id].method === method);
  if (found !== undefined) return { kind: "found", ...found };
  return { kind: "methodNotAllowed", allowed: closest.map(({ id }) => operations[id].method) };
}

function paramsOf(template: string, pathname: string): Record<string, string> | null {
  const [wanted, given] = [template.split("/"), pathname.split("/")];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== value : value === "") return null;
    if (name !== undefined) params[name] = value;
  }
  return params;
}
