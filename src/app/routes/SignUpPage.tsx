import { useConvexAuth } from "convex/react";
import { Link, Navigate, useSearchParams } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths, safeNext } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { ProviderButtons } from "@/features/account/ProviderButtons.tsx";
import { SignUpForm } from "@/features/account/SignUpForm.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** The first account owns the installation; further ones only where sign-ups are open. Invites have a page of their own. */
export function Component() {
  const { account } = useTexts();
  const texts = account.signUp;
  useDocumentTitle(texts.page);
  const [params] = useSearchParams();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { data: installation, loading } = useInstallation();
  const signIn = { pathname: paths.signIn.href(), search: params.toString() };
  const next = params.get("next");

  if (isAuthenticated) return <Navigate to={safeNext(next)} replace />;
  if (isLoading || loading) return <FullPageWaiting />;
  if (installation?.hasOwner === false) {
    return (
      <AuthLayout
        title={texts.welcome}
        lead={texts.welcomeLead(texts.policies[installation.signUps])}
      >
        <SignUpForm submitLabel={texts.createOwner} />
        <ProviderButtons providers={installation.providers} next={next} />
      </AuthLayout>
    );
  }
  if (installation?.signUpsOpen === false) {
    return (
      <AuthLayout title={texts.closedTitle}>
        <Notice kind="info">
          {installation.signUps === "invite" ? texts.byInvite : texts.closed}
        </Notice>
        <Link to={signIn} className={`${buttonClass("secondary", "lg")} mt-5 w-full`}>
          {texts.toSignIn}
        </Link>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={texts.title} lead={texts.lead}>
      <SignUpForm submitLabel={texts.submit} />
      <ProviderButtons providers={installation?.providers ?? []} next={next} />
      <p className="mt-6 text-sm text-ink-soft">
        {texts.haveAccount}{" "}
        <Link
          to={signIn}
          className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
        >
          {texts.signIn}
        </Link>
      </p>
    </AuthLayout>
  );
}
