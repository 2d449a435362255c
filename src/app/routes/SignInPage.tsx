import { useConvexAuth } from "convex/react";
import { Link, Navigate, useSearchParams } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths, safeNext } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { SignInForm } from "@/features/account/SignInForm.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** Sign in, then on to where one wanted to go. A new installation first gets its owner. */
export function Component() {
  useDocumentTitle("Sign in");
  const [params] = useSearchParams();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { data: installation, loading } = useInstallation();
  const search = params.toString();

  if (isAuthenticated) return <Navigate to={safeNext(params.get("next"))} replace />;
  if (isLoading || loading) return <FullPageWaiting />;
  if (installation?.hasOwner === false) {
    return <Navigate to={{ pathname: paths.signUp.href(), search }} replace />;
  }
  return (
    <AuthLayout title="Sign in" lead="See who is alive.">
      {params.has("expired") && (
        <Notice kind="info" className="mb-4">
          Your session has expired. Sign in to go on where you were.
        </Notice>
      )}
      <SignInForm />
      {installation?.signUpsOpen === true && (
        <p className="mt-6 text-sm text-ink-soft">
          No account yet?{" "}
          <Link
            to={{ pathname: paths.signUp.href(), search }}
            className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
          >
            Sign up
          </Link>
        </p>
      )}
    </AuthLayout>
  );
}
