import { useTexts } from "@/hooks/useTexts.ts";

const COLUMNS = 9;
const ROWS = 8;
const groups = Array.from({ length: COLUMNS * ROWS }, (_, index) => ({
  x: (index % COLUMNS) * 62,
  y: Math.floor(index / COLUMNS) * 64,
  // Spread without a pattern that the eye could find, and the same at every visit.
  delayMs: (index * 787) % 9000,
  isMissing: index === 31,
}));

/** A wall of tally marks that answer one after the other; one has not. Only to look at. */
export function TallyWall() {
  const { account: texts } = useTexts();
  return (
    <div
      aria-hidden="true"
      className="relative hidden flex-col justify-end overflow-hidden bg-[oklch(0.2_0.055_275)] p-12 lg:flex"
    >
      <svg
        viewBox="-14 -14 566 532"
        preserveAspectRatio="xMidYMid slice"
        className="absolute inset-0 size-full"
      >
        {groups.map((group) => (
          <g
            key={`${group.x},${group.y}`}
            transform={`translate(${group.x} ${group.y})`}
            strokeWidth="3"
            strokeLinecap="round"
            stroke="oklch(0.66 0.11 275)"
            strokeOpacity={group.isMissing ? 0.9 : 0.3}
          >
            <path d="M8 6v28M17 6v28M26 6v28M35 6v28" />
            {group.isMissing ? null : (
              <path
                d="M1 30 42 10"
                stroke="oklch(0.86 0.13 160)"
                strokeOpacity="0.55"
                className="animate-answer"
                style={{ animationDelay: `${group.delayMs}ms` }}
              />
            )}
          </g>
        ))}
      </svg>
      <div className="absolute inset-0 bg-linear-to-t from-[oklch(0.2_0.055_275)] via-[oklch(0.2_0.055_275)]/35 to-transparent" />
      <p className="relative max-w-md text-2xl leading-9 font-semibold tracking-tight text-balance text-white">
        {texts.wallTitle}
      </p>
      <p className="relative mt-3 max-w-md text-[oklch(0.85_0.04_275)]">{texts.wallDetail}</p>
    </div>
  );
}
