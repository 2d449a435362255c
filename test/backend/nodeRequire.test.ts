import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { installNodeRequire } from "../../backend/runtime/nodeRequire.ts";

it("gives bundled CommonJS packages the built-in modules, and nothing else", () => {
  installNodeRequire();
  const { require } = globalThis as unknown as { require: (name: string) => unknown };
  expect(require("events")).toBe(EventEmitter);
  expect(require("node:events")).toBe(EventEmitter);
  expect(() => require("left-pad")).toThrow(/only built-in modules/);
});
