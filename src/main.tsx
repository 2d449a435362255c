import "./styles/index.css";
import { ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { Providers } from "./app/providers.tsx";
import { createRouter } from "./app/router.tsx";
import { backendUrl } from "./config/env.ts";
import { followSystemTheme } from "./lib/theme.ts";
import { loadLanguage } from "./texts/texts.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");

followSystemTheme();
await loadLanguage();
createRoot(root).render(
  <StrictMode>
    <Providers client={new ConvexReactClient(backendUrl)}>
      <RouterProvider router={createRouter()} />
    </Providers>
  </StrictMode>,
);
