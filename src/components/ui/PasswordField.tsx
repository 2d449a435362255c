import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { TextField, type TextFieldProps } from "./Field.tsx";
import { IconButton } from "./IconButton.tsx";

/** A field for a secret, which can be shown to check what was typed. */
export function PasswordField(props: Omit<TextFieldProps, "type" | "trailing">) {
  const { common: texts } = useTexts();
  const [isShown, setIsShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? "text" : "password"}
      trailing={
        <IconButton
          label={isShown ? texts.hideSecret(props.label) : texts.showSecret(props.label)}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? <EyeOff /> : <Eye />}
        </IconButton>
      }
    />
  );
}
