/** English texts of the frame around every page, and of what all pages share. */
export const app = {
  skipToContent: "Skip to the content",
  mainNavigation: "Main",
  accountMenu: "Account menu",
  places: {
    fleet: "Fleet",
    incidents: "Incidents",
    notifications: "Notifications",
    settings: "Settings",
  },
  monitorIsSilent:
    "The monitor itself has stopped checking. Machines that fall silent now are not noticed until it runs again.",
};
