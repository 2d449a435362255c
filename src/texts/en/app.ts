/** English texts of the frame around every page, and of what all pages share. */
export const app = {
  skipToContent: "Skip to the content",
  mainNavigation: "Main",
  accountMenu: "Account menu",
  /** Opens the list of places that the bar of narrow screens has no room for. */
  morePlaces: "More",
  /** Above the places where things are set up. */
  managing: "Manage",
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
};
