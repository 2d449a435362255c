/** A failure that the person who typed the command can repair: shown as one line, without a stack. */
export class StartError extends Error {
  override name = "StartError";
}
