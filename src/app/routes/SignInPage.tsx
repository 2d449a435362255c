import { useConvexAuth } from "convex/react";
import { Link, Navigate, useSearchParams } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths, safeNext } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { ProviderButtons } from "@/features/account/ProviderButtons.tsx";
import { SignInForm } from "@/features/account/SignInForm.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";

const linkClass = "rounded-sm font-medium text-accent-ink underline underline-offset-2";

/** Sign in, then on to where one wanted to go. A new installation first gets its owner. */
export function Component() {
  const { account } = useTexts();
  const texts = account.signIn;
  useDocumentTitle(texts.page);
  const [params] = useSearchParams();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { data: installation, loading } = useInstallation();
  const search = params.toString();
  const next = params.get("next");

  if (isAuthenticated) return <Navigate to={safeNext(next)} replace />;
  if (isLoading || loading || params.has("code")) return <FullPageWaiting />;
  if (installation?.hasOwner === false) {
    return <Navigate to={{ pathname: paths.signUp.href(), search }} replace />;
  }
  const providers = installation?.providers ?? [];
  const via = providers.find(({ id }) => id === params.get("via"));
  return (
    <AuthLayout title={texts.page} lead={texts.lead}>
      {via !== undefined && (
        <Notice kind="warning" className="mb-4">
          {texts.providerRefused(via.name)}
        </Notice>
      )}
      {params.has("expired") && (
        <Notice kind="info" className="mb-4">
          {texts.expired}
        </Notice>
      )}
      {params.has("reset") && (
        <Notice kind="info" className="mb-4">
          {texts.passwordSet}
        </Notice>
      )}
      <SignInForm />
      <ProviderButtons providers={providers} next={next} />
      {installation?.canSendMail === true && (
        <p className="mt-6 text-sm">
          <Link to={paths.forgotPassword.href()} className={linkClass}>
            {texts.forgot}
          </Link>
        </p>
      )}
      {installation?.signUpsOpen === true && (
        <p className="mt-6 text-sm text-ink-soft">
          {texts.noAccount}{" "}
          <Link to={{ pathname: paths.signUp.href(), search }} className={linkClass}>
            {texts.signUp}
          </Link>
        </p>
      )}
    </AuthLayout>
  );
}
