/** English texts on the monitor itself. */
export const monitor = {
  title: "Monitor",
  detail: "Set by the environment of the backend, the same for everybody.",
  checksEvery: (interval: string) => `Checks every ${interval}`,
  noCheckYet: "No check yet",
  /** Before an age. */
  lastCheckWas: "Last check",
  lastCheck: "Last check",
  interval: "Checks every",
  overdue: "overdue: nobody is being watched",
  lastReconciled: "Rows compared",
  self: {
    title: "Who watches the monitor?",
    detail:
      "About once a minute, while it works, Rollcall asks this address. A service there tells you when it stops.",
    address: "Address",
    placeholder: "https://hc-ping.example.com/…",
    none: "Nobody hears from us: if this server dies, nothing tells you.",
    set: "Save",
    replace: "Replace",
    clear: "Stop telling",
    saved: "The address was saved; it hears from us within a minute",
    cleared: "Nobody hears from us any more",
    target: "Tells",
    lastSuccess: "Heard",
    failing: "Not heard",
    onlyAdmins: "Only admins change it.",
  },
  repairs: {
    title: "Repairs",
    detail: "Contradictions between rows that the monitor found and mended.",
    none: "Nothing had to be mended",
    failed: "Repairs could not be loaded",
    loading: "Loading repairs",
  },
};
