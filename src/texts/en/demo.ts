/** English texts of the line that says that everything in a demo is made up. */
export const demo = {
  label: "Demo",
  isMadeUp: "Demo: made-up machines, on this computer only.",
  signIn: (email: string, password: string) => `Sign in: ${email}, password ${password}.`,
};
