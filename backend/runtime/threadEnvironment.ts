/**
 * What threads get of the process's environment: only where Node keeps compiled modules, if it does. They then need not
 * compile what others have compiled, which is most of their start. Functions do not see it (globals.ts).
 */
const { NODE_COMPILE_CACHE } = process.env;

export const THREAD_ENVIRONMENT: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
