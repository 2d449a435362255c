import convexPlugin from "@convex-dev/eslint-plugin";
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const root = import.meta.dirname;
const zone = (target, from, message) => ({
  target: [].concat(target).map((path) => `${root}/${path}`),
  from: [].concat(from).map((path) => `${root}/${path}`),
  message,
});

/** The dependency rule of docs/architecture.md. test/architecture.test.ts checks it a second time, without ESLint. */
const zones = [
  zone(
    "core",
    ["convex", "src", "backend", "agent", "scripts"],
    "core/ is pure and imports nothing of ours.",
  ),
  zone(
    ["convex", "src", "agent", "core"],
    "backend",
    "Nobody imports backend/: the app does not know that it exists.",
  ),
  zone(
    "backend",
    ["convex", "src", "agent", "core"],
    "backend/ runs any Convex app and knows none.",
  ),
  zone("agent", ["convex", "src"], "The agent shares only core/ with the server."),
  zone("convex", ["src", "agent"], "convex/ does not know the page or the agent."),
  zone(
    "src",
    ["agent", "convex/model", "convex/jobs", "convex/notifiers"],
    "src/ sees only convex/_generated and core/.",
  ),
  zone(
    "convex/model",
    ["convex/agentApi", "convex/restApi", "convex/jobs", "convex/http.ts", "convex/crons.ts"],
    "model/ is below its callers.",
  ),
  zone(
    "backend/store",
    ["backend/runtime", "backend/sync", "backend/http", "backend/deploy"],
    "store/ is the bottom layer.",
  ),
  zone(
    "backend/runtime",
    ["backend/sync", "backend/http", "backend/deploy"],
    "runtime/ does not know its callers.",
  ),
  zone(
    ["backend/sync", "backend/deploy"],
    "backend/http",
    "http/ mounts sync/ and deploy/, not the other way.",
  ),
  zone(
    ["src/lib", "src/texts", "src/hooks", "src/components"],
    ["src/features", "src/app"],
    "Shared code does not know features.",
  ),
  zone("src/features", "src/app", "Features do not know the app that mounts them."),
];

export default tseslint.config(
  {
    ignores: [
      "dist",
      "data",
      "convex/_generated",
      "coverage",
      "shots",
      "node_modules",
      "**/fixtures/**/_generated",
    ],
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "import-x/no-restricted-paths": ["error", { zones }],
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true }],
      "no-console": "error",
      // `z` brings every language that zod speaks into every bundle: 550 KB, kept in memory once a thread.
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: 'Write import * as z from "zod".',
        },
      ],
      eqeqeq: ["error", "smart"],
    },
  },
  {
    files: ["convex/**/*.ts"],
    plugins: { "@convex-dev": convexPlugin },
    rules: {
      ...Object.assign({}, ...convexPlugin.configs.recommended.map((config) => config.rules ?? {})),
      "@convex-dev/no-filter-in-query": "error",
      "@convex-dev/no-top-of-hour-crons": "error",
      "@convex-dev/no-collect-in-query": "error",
      "@convex-dev/import-wrong-runtime": "error",
      "no-console": ["error", { allow: ["info", "warn", "error"] }],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Use env from _generated/server." },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "./_generated/api",
              importNames: ["api"],
              message: "Server code calls internal.*",
            },
            {
              name: "../_generated/api",
              importNames: ["api"],
              message: "Server code calls internal.*",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "max-lines-per-function": ["error", { max: 120, skipComments: true }],
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  {
    files: ["scripts/**", "bench/**", "agent/main.ts", "backend/main.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**"],
    rules: {
      "max-lines": ["error", { max: 600 }],
      "max-lines-per-function": "off",
      "no-console": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
