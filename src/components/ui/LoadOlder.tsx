import { Button } from "@/components/ui/Button.tsx";
import { type Older } from "@/hooks/useFilledPages.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** The way on below a list that comes in pages. */
export function LoadOlder({ older: { isExhausted, isLoading, load } }: { older: Older }) {
  const { common } = useTexts();
  if (isExhausted) return null;
  return (
    <div className="flex justify-center border-t border-line p-3">
      <Button isPending={isLoading} onClick={load}>
        {common.loadOlder}
      </Button>
    </div>
  );
}
