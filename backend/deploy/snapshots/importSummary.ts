/** What an import would do, as the CLI shows it before it asks for confirmation. */

export type TableChange = {
  componentPath: string;
  name: string;
  created: number;
  deleted: number;
  existing: number;
};

/**
 *     table | create | delete   |
 *     ---------------------------
 *     notes | 20     | 21 of 21 |
 */
export function summaryOf(changes: TableChange[]): string {
  const lines = ["Import change summary:"];
  for (const componentPath of [...new Set(changes.map((one) => one.componentPath))].sort()) {
    if (componentPath !== "") lines.push(`Component ${componentPath}`);
    const own = changes
      .filter((one) => one.componentPath === componentPath)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    lines.push(...table(own));
  }
  lines.push(
    "Once the import has started, it will run in the background.",
    "Interrupting `npx convex import` will not cancel it.",
  );
  return lines.join("\n");
}

function table(changes: TableChange[]): string[] {
  const number = (value: number) => value.toLocaleString("en-US");
  const rows = [
    ["table", "create", "delete"],
    ...changes.map(({ name, created, deleted, existing }) => [
      name,
      number(created),
      `${number(deleted)} of ${number(existing)}${name === "_storage" ? " files" : ""}`,
    ]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const printed = rows.map(
    (row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const [heading = "", ...rest] = printed;
  return [heading, "-".repeat(heading.length), ...rest];
}
