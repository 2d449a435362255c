import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type InstallationStatus } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Ways in besides the password: only those that the installation is set up for. */
export function ProviderButtons({
  providers,
  next,
}: {
  providers: InstallationStatus["providers"];
  /** Where to go afterwards; null for the fleet. */
  next: string | null;
}) {
  const { account } = useTexts();
  const texts = account.signIn;
  const { signIn } = useAuthActions();
  const [pending, setPending] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  if (providers.length === 0) return null;

  const goTo = async (id: string) => {
    setPending(id);
    setError(null);
    const query = new URLSearchParams({ via: id, ...(next !== null && { next }) });
    try {
      // Leaves the page; it comes back to this address, with a code where all went well.
      await signIn(id, { redirectTo: `${paths.signIn.href()}?${query.toString()}` });
    } catch (failure) {
      setError(failure);
      setPending(null);
    }
  };

  return (
    <div className="mt-5 grid gap-2.5">
      <p className="flex items-center gap-3 text-xs text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {texts.or}
      </p>
      {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          size="lg"
          isPending={pending === id}
          onClick={() => void goTo(id)}
          className="w-full"
        >
          {texts.with(name)}
        </Button>
      ))}
    </div>
  );
}
