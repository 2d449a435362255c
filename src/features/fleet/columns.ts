/** Which column is how wide, and from which width of the table on it is there. Shared by head and rows. */
export const columnClass = {
  status: "w-26 pl-4",
  name: "px-2",
  lastSeen: "w-28 px-2 @7xl:w-36",
  meter: "w-28 px-2 @7xl:w-44 @7xl:pr-4",
  disk: "hidden w-28 px-2 @3xl:table-cell @7xl:w-44 @7xl:pr-4",
  assistants: "hidden w-22 px-2 @4xl:table-cell",
  version: "hidden w-24 px-2 pl-4 @4xl:table-cell @7xl:w-32",
  hostname: "hidden w-[18%] px-2 @7xl:table-cell",
} as const;
