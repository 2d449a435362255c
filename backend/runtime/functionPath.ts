/** How functions are named and how a reference made by user code becomes a function of a mounted component. */
import { createHmac } from "node:crypto";

export type FunctionAddress = { name?: string; reference?: string; functionHandle?: string };
export type ResolvedFunction = { componentPath: string; path: string };

const CHILD_REFERENCE = "_reference/childComponent/";
const HANDLE_PREFIX = "function://";

/** `messages`, `messages:list`, `messages.js:list` and `a/b:c` in one spelling. */
export function canonicalPath(path: string): string {
  const colon = path.lastIndexOf(":");
  const modulePath = colon === -1 ? path : path.slice(0, colon);
  const name = colon === -1 ? "default" : path.slice(colon + 1);
  return `${modulePath.endsWith(".js") ? modulePath.slice(0, -3) : modulePath}:${name}`;
}

export type ComponentTree = {
  childOf(componentPath: string, name: string): string | null;
  handle(handle: string): ResolvedFunction | null;
};

/** Throws a sentence for the developer when nothing is mounted there. Whether the function exists is checked later. */
export function resolveAddress(
  address: FunctionAddress,
  from: string,
  tree: ComponentTree,
): ResolvedFunction {
  if (address.name !== undefined) return { componentPath: from, path: canonicalPath(address.name) };
  if (address.functionHandle !== undefined) {
    const found = tree.handle(address.functionHandle);
    if (found === null)
      throw new Error(
        `Function handle ${address.functionHandle.slice(0, 80)} is not valid any more.`,
      );
    return found;
  }
  const reference = address.reference ?? "";
  if (!reference.startsWith(CHILD_REFERENCE))
    throw new Error(`Reference ${reference.slice(0, 120)} is not supported.`);
  const parts = reference.slice(CHILD_REFERENCE.length).split("/");
  const name = parts[0] ?? "";
  const componentPath = tree.childOf(from, name);
  if (componentPath === null)
    throw new Error(`Child component ComponentName("${name}") not found.`);
  return { componentPath, path: `${parts.slice(1, -1).join("/")}:${parts.at(-1) ?? ""}` };
}

/** The same text for the same function as long as the instance lives; not to be guessed, and it tells no path. */
export function functionHandle(instanceSecret: string, target: ResolvedFunction): string {
  const digest = createHmac("sha256", instanceSecret)
    .update(`${target.componentPath};${target.path}`)
    .digest("hex");
  return `${HANDLE_PREFIX}${digest.slice(0, 32)}`;
}
