import type { Sqlite } from "../../../backend/store/sqlite.ts";

/** As many of the next commits as `commits` says fail. */
export function failingCommits(sqlite: Sqlite): { commits: number } {
  const failing = { commits: 0 };
  const exec = sqlite.exec.bind(sqlite);
  sqlite.exec = (sql) => {
    if (sql === "COMMIT" && failing.commits > 0) {
      failing.commits -= 1;
      throw new Error("the disk failed");
    }
    exec(sql);
  };
  return failing;
}
