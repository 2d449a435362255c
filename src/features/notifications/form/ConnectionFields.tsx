import { TextArea, TextField } from "@/components/ui/Field.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { Switch } from "@/components/ui/Switch.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { newSigningSecret } from "@/lib/credentials.ts";
import { type Config, type Kind, type KindField } from "./draft.ts";

/** The fields of a kind, drawn from what the server says of them. */
export function ConnectionFields({
  kind,
  config,
  secretsSet,
  problems,
  onChange,
}: {
  kind: Kind;
  config: Config;
  secretsSet: readonly string[];
  problems: Record<string, string>;
  onChange: (config: Config) => void;
}) {
  return (
    <>
      {kind.fields.map((field) => (
        <ConfigField
          key={field.name}
          field={field}
          canGenerate={kind.kind === "webhook" && field.name === "secret"}
          isKept={secretsSet.includes(field.name)}
          value={config[field.name] ?? ""}
          error={problems[field.name] ?? null}
          onChange={(value) => onChange({ ...config, [field.name]: value })}
        />
      ))}
    </>
  );
}

function ConfigField({
  field,
  canGenerate,
  isKept,
  value,
  error,
  onChange,
}: {
  field: KindField;
  canGenerate: boolean;
  /** A secret that is set and not shown. */
  isKept: boolean;
  value: string | boolean;
  error: string | null;
  onChange: (value: string | boolean) => void;
}) {
  const { notifications: texts } = useTexts();
  const label = texts.ofServer(field.label);
  const help = field.help === null ? "" : texts.ofServer(field.help);
  const hint = [help, isKept ? texts.form.secretKept : ""].filter(Boolean).join(" ");
  const shared = {
    label,
    error,
    isOptional: !field.isRequired && field.default === null,
    ...(hint !== "" && { hint }),
    ...(field.placeholder !== null && { placeholder: field.placeholder }),
    value: String(value),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
    autoComplete: "off",
    spellCheck: false,
  };
  switch (field.type) {
    case "text":
      return <TextField {...shared} />;
    case "url":
      return <TextField {...shared} type="url" />;
    case "longText":
      return <TextArea {...shared} rows={4} />;
    case "secret":
      return (
        <div className="grid gap-1.5">
          <PasswordField {...shared} autoComplete="new-password" />
          {canGenerate && (
            <button
              type="button"
              onClick={() => onChange(newSigningSecret())}
              className="w-fit rounded-sm text-xs font-medium text-accent-ink hover:underline"
            >
              {texts.form.generate}
            </button>
          )}
        </div>
      );
    case "choice":
      return (
        <SelectField
          label={label}
          error={error}
          {...(hint !== "" && { hint })}
          value={String(value)}
          options={field.options.map((option) => ({ value: option, label: option }))}
          onChange={onChange}
        />
      );
    case "switch":
      return (
        <Switch
          label={label}
          {...(hint !== "" && { hint })}
          isOn={value === true}
          onChange={onChange}
        />
      );
    default:
      return field.type satisfies never;
  }
}
