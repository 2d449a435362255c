import { useTexts } from "@/hooks/useTexts.ts";
import { Badge } from "./Badge.tsx";

/** Whose key it is, and whether that person could still make one: keys stay when people go. */
export function KeyMaker({ name, role }: { name: string; role: string | null }) {
  const { keyMaker: texts } = useTexts().common;
  const isAdmin = role === "owner" || role === "admin";
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-faint">
      <span className="wrap-anywhere">{name === "" ? texts.byNobody : texts.by(name)}</span>
      {!isAdmin && <Badge tone="warning">{role === null ? texts.left : texts.demoted}</Badge>}
    </span>
  );
}
