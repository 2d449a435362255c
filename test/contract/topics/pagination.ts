/** Pages: without gaps or doubles, also while the rows change. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";
import { convexErrorData, failure } from "../support/failure.ts";

const texts = Array.from({ length: 25 }, (_, index) => String(index + 1));
const tag = "paged";

const fill = (t: Session) =>
  t.mutation(api.notes.addMany, {
    notes: texts.map((text, index) => ({ text, tag, rank: index + 1 })),
  });

/** All pages, one after the other. */
const pages = async (t: Session, numItems: number, order: "asc" | "desc" = "asc") => {
  const all: string[][] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page += 1) {
    const paginationOpts: { numItems: number; cursor: string | null } = { numItems, cursor };
    const result: { page: string[]; isDone: boolean; continueCursor: string } = await t.query(
      api.paging.byTag,
      { tag, order, paginationOpts },
    );
    all.push(result.page);
    if (result.isDone) return all;
    cursor = result.continueCursor;
  }
  throw new Error("the pages do not end");
};

const firstPage = (t: Session, numItems = 5) =>
  t.query(api.paging.byTag, { tag, paginationOpts: { numItems, cursor: null } });

export const pagination = {
  "the pages follow each other without gap or double": async (t) => {
    await fill(t);
    const all = await pages(t, 10);
    expect(all.flat()).toEqual(texts);
    expect(all.slice(0, 2).map((page) => page.length)).toEqual([10, 10]);
    expect((await pages(t, 7, "desc")).flat()).toEqual(texts.toReversed());
  },

  "a page that is larger than the table holds it and is the last": async (t) => {
    await fill(t);
    const result = await firstPage(t, 100);
    expect(result.page).toEqual(texts);
    expect(result.isDone).toBe(true);
  },

  "an empty table is one empty last page": async (t) => {
    const result = await firstPage(t);
    expect(result).toMatchObject({ page: [], isDone: true });
  },

  "after the last page there is nothing": async (t) => {
    await fill(t);
    const { continueCursor } = await firstPage(t, 100);
    const result = await t.query(api.paging.byTag, {
      tag,
      paginationOpts: { numItems: 5, cursor: continueCursor },
    });
    expect(result).toMatchObject({ page: [], isDone: true });
  },

  "a page between two cursors grows and shrinks with its rows": async (t) => {
    await fill(t);
    const { continueCursor, page } = await firstPage(t);
    expect(page).toEqual(["1", "2", "3", "4", "5"]);
    await t.mutation(api.notes.add, { text: "2.5", tag, rank: 2.5 });
    await t.mutation(api.notes.add, { text: "5.5", tag, rank: 5.5 });
    const again = await t.query(api.paging.byTag, {
      tag,
      paginationOpts: { numItems: 5, cursor: null, endCursor: continueCursor },
    });
    expect(again.page).toEqual(["1", "2", "2.5", "3", "4", "5"]);
    const next = await t.query(api.paging.byTag, {
      tag,
      paginationOpts: { numItems: 5, cursor: continueCursor },
    });
    expect(next.page).toEqual(["5.5", "6", "7", "8", "9"]);
  },

  "a cursor outlives the row that it stands on": async (t) => {
    await fill(t);
    const { continueCursor } = await firstPage(t);
    const five = (await t.query(api.notes.list, {})).find((note) => note.text === "5");
    if (five === undefined) throw new Error("the note is missing");
    await t.mutation(api.notes.remove, { id: five._id });
    const next = await t.query(api.paging.byTag, {
      tag,
      paginationOpts: { numItems: 2, cursor: continueCursor },
    });
    expect(next.page).toEqual(["6", "7"]);
  },

  "a filter is applied before the page is counted": async (t) => {
    await fill(t);
    const first = await t.query(api.paging.evenRanks, {
      paginationOpts: { numItems: 3, cursor: null },
    });
    expect(first.page).toEqual(["2", "4", "6"]);
    const second = await t.query(api.paging.evenRanks, {
      paginationOpts: { numItems: 3, cursor: first.continueCursor },
    });
    expect(second.page).toEqual(["8", "10", "12"]);
  },

  "a page that has grown to more than twice its size can be split where it says": async (t) => {
    await fill(t);
    const { continueCursor } = await firstPage(t);
    const between = (cursor: string | null, endCursor: string, limits = {}) =>
      t.query(api.paging.byTag, {
        tag,
        paginationOpts: { numItems: 5, cursor, endCursor, ...limits },
      });
    const add = (count: number) =>
      t.mutation(api.notes.addMany, {
        notes: Array.from({ length: count }, () => ({ text: "more", tag, rank: 2.5 })),
      });
    await add(5);
    expect(await between(null, continueCursor)).toMatchObject({ pageStatus: null });
    await add(1);
    const grown = await between(null, continueCursor);
    expect(grown).toMatchObject({ pageStatus: "SplitRecommended", isDone: false, continueCursor });
    const { splitCursor } = grown;
    if (splitCursor == null) throw new Error("the page does not say where to split it");
    const halves = [
      await between(null, splitCursor),
      await between(splitCursor, continueCursor),
    ] as const;
    expect(halves.map(({ page }) => page.length)).toEqual([5, 6]);
    expect(halves.flatMap(({ page }) => page)).toEqual(grown.page);
    expect(halves.map(({ pageStatus }) => pageStatus)).toEqual([null, null]);
  },

  "a page that may not read all that it holds must be split": async (t) => {
    await fill(t);
    const { continueCursor } = await firstPage(t, 20);
    const whole = { numItems: 20, cursor: null, endCursor: continueCursor };
    const nearly = await t.query(api.paging.byTag, {
      tag,
      paginationOpts: { ...whole, maximumRowsRead: 24 },
    });
    expect(nearly).toMatchObject({ pageStatus: "SplitRecommended" });
    expect(nearly.page).toHaveLength(20);
    for (const limit of [{ maximumRowsRead: 8 }, { maximumBytesRead: 1 }]) {
      const read: string[] = [];
      const readAll = async (cursor: string | null, endCursor: string): Promise<void> => {
        const paginationOpts = { numItems: 20, cursor, endCursor, ...limit };
        const half = await t.query(api.paging.byTag, { tag, paginationOpts });
        if (half.pageStatus !== "SplitRequired") {
          read.push(...half.page);
          return;
        }
        expect(half).toMatchObject({ isDone: false, continueCursor: endCursor });
        await readAll(cursor, half.splitCursor ?? "");
        await readAll(half.splitCursor ?? "", endCursor);
      };
      await readAll(null, continueCursor);
      expect(read).toEqual(texts.slice(0, 20));
    }
  },

  "a filter that drops everything is no reason to read more than a page may": async (t) => {
    await fill(t);
    const cursors: (string | null)[] = [null];
    for (const maximumRowsRead of [10, 10, 10]) {
      const cursor = cursors.at(-1) ?? null;
      const result = await t.query(api.paging.nothing, {
        paginationOpts: { numItems: 5, cursor, maximumRowsRead },
      });
      expect(result.page).toEqual([]);
      expect(result.isDone).toBe(cursors.length === 3);
      cursors.push(result.continueCursor);
    }
  },

  "a cursor that is none is refused": async (t) => {
    await fill(t);
    await failure(
      t.query(api.paging.byTag, { tag, paginationOpts: { numItems: 5, cursor: "no cursor" } }),
    );
  },

  "the refusal of a cursor can be told from other errors": async (t) => {
    await fill(t);
    const { continueCursor } = await firstPage(t);
    const refused = { isConvexSystemError: true, paginationError: "InvalidCursor" };
    for (const [cursor, ofTag] of [
      ["no cursor", tag],
      [continueCursor, "another query"],
    ] as const) {
      const paginationOpts = { numItems: 5, cursor };
      expect(
        await convexErrorData(t.query(api.paging.byTag, { tag: ofTag, paginationOpts })),
      ).toMatchObject(refused);
    }
  },

  "a page of no rows is refused": async (t) => {
    await failure(firstPage(t, 0));
  },

  "one function may page only once": async (t) => {
    await fill(t);
    await failure(t.query(api.paging.twice, {}));
  },
} satisfies Topic;
