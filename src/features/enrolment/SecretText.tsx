/** A token or key that is shown once: all of it, selected by one click. */
export function SecretText({
  label,
  text,
  testId,
}: {
  label: string;
  text: string;
  testId?: string;
}) {
  return (
    <output
      aria-label={label}
      data-testid={testId}
      className="min-w-0 flex-1 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 break-all select-all"
    >
      {text}
    </output>
  );
}
