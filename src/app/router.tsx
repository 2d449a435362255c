import { createBrowserRouter, type RouteObject } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { paths } from "@/config/paths.ts";
import { RouteError } from "./RouteError.tsx";
import { SessionGate } from "./SessionGate.tsx";

const page = (path: string, lazy: RouteObject["lazy"]): RouteObject => ({
  path,
  lazy,
  ErrorBoundary: RouteError,
});

/** Every page is a file of its own, loaded when it is first visited, and fails alone. */
export const routes: RouteObject[] = [
  {
    ErrorBoundary: RouteError,
    HydrateFallback: FullPageWaiting,
    children: [
      page(paths.signIn.pattern, () => import("./routes/SignInPage.tsx")),
      page(paths.signUp.pattern, () => import("./routes/SignUpPage.tsx")),
      page(paths.forgotPassword.pattern, () => import("./routes/ForgotPasswordPage.tsx")),
      page(paths.resetPassword.pattern, () => import("./routes/ResetPasswordPage.tsx")),
      page(paths.verifyEmail.pattern, () => import("./routes/VerifyEmailPage.tsx")),
      page(paths.invite.pattern, () => import("./routes/InvitePage.tsx")),
      page(paths.publicStatus.pattern, () => import("./routes/PublicStatusPage.tsx")),
      {
        Component: SessionGate,
        children: [
          page(paths.fleet.pattern, () => import("./routes/FleetPage.tsx")),
          page(paths.machine.pattern, () => import("./routes/MachinePage.tsx")),
          page(paths.incidents.pattern, () => import("./routes/IncidentsPage.tsx")),
          page(paths.incident.pattern, () => import("./routes/IncidentPage.tsx")),
          page(paths.notifications.pattern, () => import("./routes/NotificationsPage.tsx")),
          page(paths.maintenance.pattern, () => import("./routes/MaintenancePage.tsx")),
          page(paths.statusPages.pattern, () => import("./routes/StatusPagesPage.tsx")),
          page(paths.people.pattern, () => import("./routes/PeoplePage.tsx")),
          page(paths.apiKeys.pattern, () => import("./routes/ApiKeysPage.tsx")),
          page(paths.audit.pattern, () => import("./routes/AuditPage.tsx")),
          page(paths.settings.pattern, () => import("./routes/SettingsPage.tsx")),
          page("*", () => import("./routes/NotFoundPage.tsx")),
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes);
