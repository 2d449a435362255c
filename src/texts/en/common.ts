/** English words that every page uses. */
export const common = {
  cancel: "Cancel",
  close: "Close",
  done: "Done",
  save: "Save",
  delete: "Delete",
  remove: "Remove",
  revoke: "Revoke",
  optional: "optional",
  copied: "Copied",
  copyByHand: "Select and copy by hand",
  copy: (what: string) => `Copy ${what}`,
  showSecret: (what: string) => `Show ${what.toLowerCase()}`,
  hideSecret: (what: string) => `Hide ${what.toLowerCase()}`,
  tryAgain: "Try again",
  reload: "Reload",
  loadOlder: "Load older",
  never: "never",
  nothing: "–",
  you: "You",
  writeToConfirm: (phrase: string) => `Write “${phrase}” to confirm`,
  nothingMatches: "Nothing matches",
  clearFilter: "Clear the filter",
  /** Around the filter, which stands out. */
  noMachineMatches: ["No machine matches ", "."] as [string, string],
  notReported: (what: string) => `${what}: not reported`,
  lastKnown: (value: string) => `${value}, last known`,
  connections: {
    live: "Live",
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    unreachable: "No connection",
  },
  /** How old everything on screen is. */
  dataAge: (duration: string) => `${duration} old`,
  shownAsOfLastConnection: "Shown as of the last connection",
  backendSilent: "The backend does not answer",
  backendTried: (url: string) =>
    `Tried ${url}. Check that Rollcall runs there; this page goes on by itself as soon as it does.`,
  loadingApp: "Loading Rollcall",
  states: {
    online: "Online",
    late: "Late",
    offline: "Offline",
    waiting: "Waiting",
    stopped: "Stopped",
  },
  roles: { owner: "Owner", admin: "Admin", member: "Member", viewer: "Viewer" },
  keyMaker: {
    by: (name: string) => `by ${name}`,
    byNobody: "by somebody whose account is gone",
    left: "has left",
    demoted: "no admin any more",
  },
  errors: {
    connection:
      "The connection broke before the answer came. Check that the backend runs, then try again.",
    unexpected: "Something went wrong on the server. Try again; the backend's log has the details.",
  },
  /** A sentence of the server in the language of the page; null where it says it as well itself. */
  serverSaid: (_text: string): string | null => null,
  /** What a kind of refusal means, for a sentence that has no words yet. */
  refusals: {
    notSignedIn: null,
    signUpsClosed: null,
    badCredentials: null,
    forbidden: null,
    notFound: null,
    duplicateMachineId: null,
    limitReached: null,
    rateLimited: null,
  } as Record<RefusalKind, string | null>,
};

type RefusalKind =
  | "notSignedIn"
  | "signUpsClosed"
  | "badCredentials"
  | "forbidden"
  | "notFound"
  | "duplicateMachineId"
  | "limitReached"
  | "rateLimited";
