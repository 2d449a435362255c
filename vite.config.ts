import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { serveAgentFiles } from "./scripts/lib/agentFiles.ts";
import { frameOf } from "./scripts/lib/frame.ts";
import { adoptedStyles } from "./scripts/lib/adoptedStyles.ts";

const backend = `http://127.0.0.1:${process.env.ROLLCALL_PORT ?? "3210"}`;
const ENTRY = fileURLToPath(new URL("./src/main.tsx", import.meta.url));

/** Builds the page into dist/. In development the page stays its own backend's origin: the API is proxied. */
export default defineConfig(({ command }) => {
  // A test that starts the app hands down its own NODE_ENV, and would leave a development build of React behind.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    plugins: [react(), tailwindcss(), adoptedStyles(), serveAgentFiles(import.meta.dirname)],
    resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
    build: {
      target: "es2022",
      outDir: "dist",
      sourcemap: true,
      // The frame is one file on purpose; `npm run check` holds its size.
      chunkSizeWarningLimit: 700,
      rolldownOptions: { output: { codeSplitting: { groups: [frameOf(ENTRY)] } } },
    },
    server: {
      host: "127.0.0.1",
      proxy: { "/api": { target: backend, ws: true }, "/http": backend },
    },
  };
});
