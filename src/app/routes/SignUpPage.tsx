import { useConvexAuth } from "convex/react";
import { Link, Navigate, useSearchParams } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths, safeNext } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { SignUpForm } from "@/features/account/SignUpForm.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** The first account owns the installation; further ones only where sign-ups are open. */
export function Component() {
  useDocumentTitle("Sign up");
  const [params] = useSearchParams();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { data: installation, loading } = useInstallation();
  const signIn = { pathname: paths.signIn.href(), search: params.toString() };

  if (isAuthenticated) return <Navigate to={safeNext(params.get("next"))} replace />;
  if (isLoading || loading) return <FullPageWaiting />;
  if (installation?.hasOwner === false) {
    return (
      <AuthLayout
        title="Welcome. Create the owner account"
        lead="Nobody is here yet. The first account owns this installation; after it, sign-ups are closed."
      >
        <SignUpForm submitLabel="Create the owner account" />
      </AuthLayout>
    );
  }
  if (installation?.signUpsOpen === false) {
    return (
      <AuthLayout title="Sign-ups are closed">
        <Notice kind="info">
          This installation takes no new accounts. Ask its owner, who can open sign-ups with
          ROLLCALL_SIGNUPS=open.
        </Notice>
        <Link to={signIn} className={`${buttonClass("secondary", "lg")} mt-5 w-full`}>
          Go to sign in
        </Link>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title="Create your account" lead="You get a workspace of your own.">
      <SignUpForm submitLabel="Sign up" />
      <p className="mt-6 text-sm text-ink-soft">
        Already have one?{" "}
        <Link
          to={signIn}
          className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
        >
          Sign in
        </Link>
      </p>
    </AuthLayout>
  );
}
