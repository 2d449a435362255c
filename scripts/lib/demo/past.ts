/** Gives the machines of the stage the year that they have lived, and leaves them as they would be now. */
import { MINUTE } from "../../../core/time.ts";
import * as History from "./history.ts";
import { lifeOf, ownOutages, versionAt, type Life } from "./lives.ts";
import { HEARTBEAT_INTERVAL_MS, type Placed, type Stage } from "./stage.ts";
import type { Row, Tables } from "../tables.ts";
import * as Told from "./told.ts";

interface Member extends History.Known {
  machineId: string;
  placed: Placed;
}

/**
 * Nobody may beat meanwhile: rows are replaced. The measurements of earlier days are most of the work, and can wait until
 * people look: they are what the answer writes.
 */
export async function givePast(
  tables: Tables,
  { stage, now }: { stage: Stage; now: number },
): Promise<() => Promise<void>> {
  const documents = await tables.read("machines");
  const members = membersOf(stage, documents, now);
  const incidentOf = await writeIncidents(tables, { members, stage, now });
  await tables.replace(
    "machines",
    documents.map((row) => machineRow(row, members, now)),
  );
  await writeNow(tables, { members, incidentOf, now });
  await tables.append("statusChanges", flat(members, History.statusChangeRows));
  await tables.append("versionChanges", flat(members, History.versionChangeRows));
  await tables.append(
    "outages",
    ownOutages(now).map((row) => ({ ...row, _creationTime: row.to })),
  );
  await tables.append(
    "uptimes",
    members.map((member) => History.uptimeRow(member, now)),
  );
  await tables.append(
    "samples",
    flat(members, (member) => History.sampleRows(member, now)),
  );
  return async () => {
    const rows = flat(members, (member) => History.rollupRows(member, now));
    await tables.append("rollups", rows);
  };
}

function membersOf({ machines }: Stage, documents: Row[], now: number): Member[] {
  const documentOf = new Map(documents.map((row) => [row["machineId"], row]));
  return machines.map((placed) => {
    const { machineId, character } = placed;
    const row = documentOf.get(machineId);
    const life = lifeOf(character, now);
    return { placed, machineId, life, machine: row?.["_id"], workspaceId: row?.["workspaceId"] };
  });
}

/** Returns their ids by what they are about. */
async function writeIncidents(
  tables: Tables,
  { members, stage: { channels }, now }: { members: Member[]; stage: Stage; now: number },
): Promise<Map<string, unknown>> {
  const silences = Told.silencesOf(members);
  await tables.append(
    "incidents",
    silences.map((told) => Told.incidentRow(told, now)),
  );
  const incidents = await tables.read("incidents");
  const incidentOf = new Map(
    incidents.map((row) => [Told.incidentKey(row["machineId"], row["openedAt"]), row["_id"]]),
  );
  const messages = silences
    .flatMap((told) => {
      const incidentId = incidentOf.get(Told.incidentKey(told.machineId, told.stop.from));
      return Told.deliveryRows(told, { channels, now }).map(({ delivery, notice }) => ({
        delivery,
        notice: { ...notice, incidentId },
      }));
    })
    .sort((a, b) => Number(a.delivery["_creationTime"]) - Number(b.delivery["_creationTime"]));
  await tables.append(
    "deliveries",
    messages.map(({ delivery }) => delivery),
  );
  const keyOf = (row: Row) =>
    [row["channelId"], row["event"], row["machineName"], row["queuedAt"]].join();
  const idOf = new Map((await tables.read("deliveries")).map((row) => [keyOf(row), row["_id"]]));
  const notices = messages.map(({ delivery, notice }) => ({
    ...notice,
    deliveryId: idOf.get(keyOf(delivery)),
  }));
  await tables.append("notices", notices);
  return incidentOf;
}

function machineRow(row: Row, members: Member[], now: number): Row {
  const member = members.find(({ machineId }) => machineId === row["machineId"]);
  if (member === undefined) return row;
  const { life } = member;
  const { role, hostname, ipAddress } = life.character;
  const { os, arch } = role;
  return {
    ...row,
    ...{ hostname, ipAddress, os, arch },
    version: versionAt(life, now),
    rootDirectory: "/srv/harbour",
    ...(role.name === "game" ? { capacity: { maxServers: 8 } } : {}),
    metadata: JSON.stringify({ rack: `${life.character.region}-${(life.character.seed % 6) + 1}` }),
    _creationTime: life.bornAt,
  };
}

/** Statuses, pulses and counts, which belong to machines that have not been heard of yet. */
async function writeNow(
  tables: Tables,
  {
    members,
    incidentOf,
    now,
  }: { members: Member[]; incidentOf: Map<string, unknown>; now: number },
): Promise<void> {
  const memberOf = new Map(members.map((member) => [member.machine, member]));
  const statuses = (await tables.read("statuses")).map((row) => {
    const member = memberOf.get(row["machine"]);
    return member === undefined ? row : { ...row, ...statusOf(member, incidentOf) };
  });
  await tables.replace("statuses", statuses);
  const pulses = (await tables.read("pulses")).map((row) => {
    const member = memberOf.get(row["machine"]);
    return member === undefined ? row : { ...row, ...pulseOf(member.life, now) };
  });
  await tables.replace("pulses", pulses);
  const online = statuses.filter((row) => row["status"] === "online").length;
  await tables.replace(
    "fleets",
    (await tables.read("fleets")).map((row) => ({ ...row, online })),
  );
}

function statusOf({ life, machineId }: Member, incidentOf: Map<string, unknown>): Row {
  const last = life.stops.at(-1);
  if (last === undefined || last.to !== null) {
    const since = last?.to ?? life.bornAt;
    return { status: "online", reason: "heartbeat", since, lastSeenAt: since };
  }
  const { from: since, reason } = last;
  const incidentId = incidentOf.get(Told.incidentKey(machineId, since));
  const incident = reason === "silence" && incidentId !== undefined ? { incidentId } : {};
  const lastSeenAt = History.lastSeenBefore(last);
  return { status: "offline", reason, since, lastSeenAt, ...incident };
}

function pulseOf(life: Life, now: number): Row {
  const last = life.stops.at(-1);
  if (last?.to === null) return { isOnline: false, lastHeartbeatAt: History.lastSeenBefore(last) };
  // The first live heartbeats come when all of this is written.
  return {
    isOnline: true,
    lastHeartbeatAt: now - HEARTBEAT_INTERVAL_MS,
    deadlineAt: now + 3 * MINUTE,
  };
}

function* flat(members: Member[], rowsOf: (member: Member) => Iterable<Row>): Generator<Row> {
  for (const member of members) yield* rowsOf(member);
}
