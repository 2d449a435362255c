/** English texts of the frame around every page, and of what all pages share. */
export const app = {
  skipToContent: "Skip to the content",
  mainNavigation: "Main",
  accountMenu: "Account menu",
  /** Opens the list of places that the bar of narrow screens has no room for. */
  morePlaces: "More",
  /** Above the places where things are set up. */
  managing: "Manage",
  /** For the bar of phones, where a name is too long for a quarter of it. */
  shortPlaces: { notifications: "Notifications" } as Partial<Record<string, string>>,
  places: {
    fleet: "Fleet",
    incidents: "Incidents",
    notifications: "Notifications",
    maintenance: "Maintenance",
    statusPages: "Status pages",
    people: "People",
    apiKeys: "API keys",
    audit: "Audit log",
    settings: "Settings",
  },
  monitorIsSilent:
    "The monitor itself has stopped checking. Machines that fall silent now are not noticed until it runs again.",
  settingsSections: {
    account: "Account",
    workspace: "Workspace",
    machines: "Machines",
    monitor: "Monitor",
  },
  pageFailed: "This page failed",
  updated: "Rollcall was updated",
  updatedDetail: "Reload to get the new version of this page.",
  toFleet: "Go to the fleet",
  noSuchPage: "There is no such page",
  notFound: "Not found",
  /** Around the address, which stands out. */
  nothingAt: ["Nothing lives at ", "."] as [string, string],
  shortcuts: {
    acknowledge: "Acknowledge what is open about the machine",
    palette: "Find a machine, go anywhere, do anything",
    title: "Keyboard shortcuts",
    filter: "Go to the filter",
    move: "Next and previous machine",
    open: "Show the machine beside the list; again: open its page",
    choose: "Choose the machine",
    leave: "Close the details, or choose none",
    help: "This help",
  },
};
