import { type ReactNode } from "react";
import { useTexts } from "@/hooks/useTexts.ts";

/** Nobody is on the roll yet: what this place is for, and, for those who may, the way to the first machine. */
export function FleetEmpty({ children }: { children: ReactNode }) {
  const { fleet } = useTexts();
  const texts = fleet.empty;
  return (
    <section className="rounded-lg border border-line bg-surface px-6 py-12 shadow-card sm:py-16">
      <div className="mx-auto flex max-w-2xl flex-col items-center text-center">
        <EmptyRoll />
        <h2 className="mt-6 text-xl font-semibold tracking-tight text-balance">{texts.title}</h2>
        <p className="mt-1.5 max-w-lg text-balance text-ink-soft">{texts.lead}</p>
        {children !== null && <div className="mt-6 w-full">{children}</div>}
        <ol className="mt-10 grid w-full gap-4 text-left sm:grid-cols-3">
          {texts.steps.map((step, index) => (
            <li key={step.title} className="border-t-2 border-line pt-3">
              <p className="text-sm font-semibold">
                <span className="mr-1.5 text-accent-ink">{index + 1}</span>
                {step.title}
              </p>
              <p className="mt-0.5 text-sm text-ink-soft">{step.text}</p>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

/** Places on the roll that wait for a name. */
function EmptyRoll() {
  return (
    <svg viewBox="0 0 176 56" aria-hidden="true" className="h-14 w-44">
      {Array.from({ length: 11 }, (_, index) => (
        <rect
          key={index}
          x={4 + index * 16}
          y={index === 5 ? 4 : 14}
          width="7"
          height={index === 5 ? 48 : 28}
          rx="3.5"
          className={index === 5 ? "fill-accent" : "fill-none stroke-line-strong"}
          strokeDasharray={index === 5 ? undefined : "3 3"}
          strokeWidth="1.5"
        />
      ))}
    </svg>
  );
}
