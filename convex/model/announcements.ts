/** What people tell the readers of a status page in their own words. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import { checkInstant } from "./instants.ts";
import * as PublicStatus from "./publicStatus.ts";
import * as StatusPages from "./statusPages.ts";
import { parseLines, parseName } from "./texts.ts";

const TEXT_LENGTH = { field: "text", minLength: 0, maxLength: 2_000 };

interface Words {
  kind?: Doc<"announcements">["kind"];
  title?: string;
  text?: string;
  startsAt?: number;
  /** null: open-ended again. */
  endsAt?: number | null;
}

/** The oldest gives way where there are too many. */
export async function create(
  ctx: MutationCtx,
  {
    member,
    statusPageId,
    ...words
  }: Words & {
    member: Member;
    statusPageId: Id<"statusPages">;
    kind: Doc<"announcements">["kind"];
    title: string;
  },
): Promise<Id<"announcements">> {
  const page = await StatusPages.owned(ctx, { member, statusPageId });
  const existing = await PublicStatus.announcementRows(ctx, page._id);
  const oldest = existing.length >= PublicStatus.MAX_ANNOUNCEMENTS ? existing.at(-1) : undefined;
  if (oldest !== undefined) await ctx.db.delete("announcements", oldest._id);
  const { workspaceId } = page;
  const { kind, title, startsAt = Date.now() } = words;
  return await ctx.db.insert("announcements", {
    workspaceId,
    statusPageId,
    text: "",
    ...parse({ ...words, startsAt }),
    kind,
    title: parseName(title, "title"),
    startsAt,
  });
}

export async function update(
  ctx: MutationCtx,
  {
    member,
    announcementId,
    ...words
  }: Words & { member: Member; announcementId: Id<"announcements"> },
): Promise<void> {
  const { _id, startsAt } = await owned(ctx, { member, announcementId });
  await ctx.db.patch("announcements", _id, parse({ startsAt, ...words }));
}

export async function remove(
  ctx: MutationCtx,
  args: { member: Member; announcementId: Id<"announcements"> },
): Promise<void> {
  const { _id } = await owned(ctx, args);
  await ctx.db.delete("announcements", _id);
}

async function owned(
  ctx: MutationCtx,
  { member, announcementId }: { member: Member; announcementId: Id<"announcements"> },
): Promise<Doc<"announcements">> {
  const announcement = await ctx.db.get("announcements", announcementId);
  if (announcement?.workspaceId === member.workspaceId) return announcement;
  return fail({ kind: "notFound", message: "There is no such announcement." });
}

/** Only what was given, checked. */
function parse({ kind, title, text, startsAt, endsAt }: Words): Partial<Doc<"announcements">> {
  checkTimes(startsAt, endsAt ?? undefined);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(title === undefined ? {} : { title: parseName(title, "title") }),
    ...(text === undefined ? {} : { text: parseLines(text, TEXT_LENGTH) }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt: endsAt ?? undefined }),
  };
}

function checkTimes(startsAt: number | undefined, endsAt: number | undefined): void {
  if (startsAt !== undefined) checkInstant(startsAt, "startsAt");
  if (endsAt !== undefined) checkInstant(endsAt, "endsAt");
  if (startsAt === undefined || endsAt === undefined || endsAt > startsAt) return;
  fail({ kind: "invalid", field: "endsAt", message: "It must end after it starts." });
}
