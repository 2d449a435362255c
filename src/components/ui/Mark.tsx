/** The mark: four heads counted, and the stroke that says all are here. Decorative beside the name. */
export function Mark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={`shrink-0 ${className}`}>
      <rect width="32" height="32" rx="7.5" className="fill-accent" />
      <g fill="none" strokeLinecap="round">
        <path
          d="M8.6 8.5v15M13.5 8.5v15M18.5 8.5v15M23.4 8.5v15"
          stroke="#fff"
          strokeOpacity=".92"
          strokeWidth="2.6"
        />
        <path d="M5.6 21.4 26.4 10.6" stroke="#9ff0c4" strokeWidth="3" />
      </g>
    </svg>
  );
}
