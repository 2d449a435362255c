import { Card } from "@/components/ui/Card.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { givenRoles } from "./roles.ts";

/** Each role in one line. */
export function RoleLegend() {
  const { people: texts, common } = useTexts();
  return (
    <Card title={texts.rolesTitle}>
      <dl className="grid gap-x-4 gap-y-2 px-4 py-3 text-sm sm:grid-cols-[7rem_1fr]">
        {(["owner", ...givenRoles] as const).map((role) => (
          <div key={role} className="sm:contents">
            <dt className="font-medium">{common.roles[role]}</dt>
            <dd className="text-ink-soft">{texts.roles[role]}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
