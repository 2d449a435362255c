import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { useAction } from "convex/react";
import { buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Spinner } from "@/components/ui/Spinner.tsx";
import { paths } from "@/config/paths.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

type State = { is: "checking" } | { is: "done" } | { is: "failed"; error: unknown };

/** Where the link of the mail leads: uses its code at once. Signed in or not does not matter. */
export function Component() {
  const { account } = useTexts();
  const texts = account.verify;
  useDocumentTitle(texts.page);
  const code = useLocation().hash.slice(1);
  const verify = useAction(api.emailCodes.verify);
  const [state, setState] = useState<State>({ is: "checking" });
  const hasAsked = useRef(false);
  useEffect(() => {
    // A code works once: the second run of an effect in development must not use it up.
    if (hasAsked.current) return;
    hasAsked.current = true;
    verify({ code }).then(
      () => setState({ is: "done" }),
      (error: unknown) => setState({ is: "failed", error }),
    );
  }, [verify, code]);
  const title = { checking: texts.checking, done: texts.done, failed: texts.failed }[state.is];
  return (
    <AuthLayout title={title}>
      {state.is === "checking" && <Spinner className="size-6 text-ink-faint" />}
      {state.is === "done" && <Notice kind="info">{texts.doneDetail}</Notice>}
      {state.is === "failed" && <Notice kind="error">{messageOf(state.error)}</Notice>}
      <Link to={paths.fleet.href()} className={`${buttonClass("secondary", "lg")} mt-5 w-full`}>
        {texts.goOn}
      </Link>
    </AuthLayout>
  );
}
