import { useConvexAuth } from "convex/react";
import { useState } from "react";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { SignUpForm } from "@/features/account/SignUpForm.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Where an invite's link leads: to joining with one's account, or to a new account that joins. */
export function Component() {
  const { people, common } = useTexts();
  const texts = people.page;
  const { token = "" } = useParams();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { data: invite, error } = useLiveQuery(api.invites.peek, { token });
  const [hasSignedUp, setHasSignedUp] = useState(false);
  const isExpired = useNowSelect((now) => invite != null && invite.expiresAt <= now);
  useDocumentTitle(people.invites);

  // Signing up through the link joins as well.
  if (hasSignedUp && isAuthenticated) return <Navigate to={paths.fleet.href()} replace />;
  if (isLoading || (invite === undefined && error === null)) return <FullPageWaiting />;
  if (invite == null || invite.isAccepted || isExpired) {
    return (
      <AuthLayout title={texts.goneTitle}>
        <Notice kind="warning">{error === null ? texts.gone : messageOf(error)}</Notice>
        <Link to={paths.fleet.href()} className={`${buttonClass("secondary", "lg")} mt-5 w-full`}>
          {texts.goOn}
        </Link>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      title={texts.title(invite.workspaceName)}
      lead={texts.lead(invite.invitedBy, common.roles[invite.role])}
    >
      {isAuthenticated ? (
        <Join token={token} workspaceName={invite.workspaceName} />
      ) : (
        <Newcomer token={token} onSignedUp={() => setHasSignedUp(true)} />
      )}
    </AuthLayout>
  );
}

function Join({ token, workspaceName }: { token: string; workspaceName: string }) {
  const { people } = useTexts();
  const texts = people.page;
  const { data: me } = useLiveQuery(api.users.me, {});
  const { call, isPending, error } = useCall(api.invites.accept);
  const navigate = useNavigate();
  const join = async () => {
    try {
      await call({ token });
      void navigate(paths.fleet.href());
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <div className="grid gap-4">
      {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      {me != null && <p className="text-sm text-ink-soft">{texts.signedInAs(me.email)}</p>}
      <Button variant="primary" size="lg" isPending={isPending} onClick={() => void join()}>
        {texts.join(workspaceName)}
      </Button>
    </div>
  );
}

function Newcomer({ token, onSignedUp }: { token: string; onSignedUp: () => void }) {
  const { people } = useTexts();
  const texts = people.page;
  const { data: installation } = useInstallation();
  const signIn = {
    pathname: paths.signIn.href(),
    search: new URLSearchParams({ next: paths.invite.href(token) }).toString(),
  };
  return (
    <>
      {installation?.signUps === "closed" ? (
        <Notice kind="info">{texts.closed}</Notice>
      ) : (
        <SignUpForm submitLabel={texts.signUp} invite={token} onSignedUp={onSignedUp} />
      )}
      <p className="mt-6 text-sm text-ink-soft">
        {texts.haveAccount}{" "}
        <Link
          to={signIn}
          className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
        >
          {texts.signIn}
        </Link>
      </p>
    </>
  );
}
