import { type ReactNode } from "react";
import { Mark } from "@/components/ui/Mark.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { TallyWall } from "./TallyWall.tsx";

/** The frame of the pages before the app: a form, and on wide screens what it is for. */
export function AuthLayout({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  const { account: texts } = useTexts();
  return (
    <div className="grid min-h-page lg:grid-cols-[minmax(26rem,2fr)_3fr]">
      <main className="flex flex-col px-6 py-6 sm:px-10">
        <p className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <Mark />
          Rollcall
        </p>
        <div className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">
          <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
          {lead !== undefined && <div className="mt-1.5 text-ink-soft">{lead}</div>}
          <div className="mt-7">{children}</div>
        </div>
        <p className="text-xs text-ink-faint">{texts.motto}</p>
      </main>
      <TallyWall />
    </div>
  );
}
