/** English texts on what only some machines measure. */
export const measurements = {
  title: "More measurements",
  detail: "As of the last heartbeat that told them",
  swap: "Swap",
};
