import { Spinner } from "@/components/ui/Spinner.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type AccountRemoval } from "@/lib/backend.ts";
import { formatCount } from "@/lib/format.ts";

/** Fills the screen while an account is being deleted; after that its page is signed out. */
export function RemovalProgress({ removal }: { removal: AccountRemoval }) {
  const { account } = useTexts();
  const texts = account.removal;
  return (
    <main className="flex min-h-page flex-col items-center justify-center px-6 text-center">
      <Spinner className="size-6 text-ink-faint" />
      <h1 className="mt-4 text-lg font-semibold">{texts.running}</h1>
      <p role="status" className="mt-1 text-sm text-ink-soft">
        {texts.progress(formatCount(removal.removedRows))}
      </p>
    </main>
  );
}
