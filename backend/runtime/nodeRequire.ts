/**
 * `require` for modules of the Node runtime: bundled CommonJS packages ask for built-in modules by it. Others are in
 * the bundle already, so nothing else can be required.
 */
import { createRequire, isBuiltin } from "node:module";

export function installNodeRequire(): void {
  const platformRequire = createRequire(import.meta.url);
  const require = (name: string): unknown => {
    if (isBuiltin(name)) return platformRequire(name);
    throw new Error(`Cannot find module '${name}': only built-in modules can be required.`);
  };
  Object.assign(globalThis, { require });
}
