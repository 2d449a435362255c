import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { fieldOf, messageOf } from "@/lib/errors.ts";

export interface Credentials {
  email: string;
  password: string;
  name?: string;
  /** The token of an invite. */
  invite?: string;
}

/** What the server had against the credentials; `field` where it is about one of them. */
export interface Refusal {
  field: string | null;
  message: string;
}

/** Signs in or up with e-mail and password. Resolves, when the answer is there, to whether it was yes. */
export function useCredentials(flow: "signIn" | "signUp"): {
  submit: (credentials: Credentials) => Promise<boolean>;
  isPending: boolean;
  refusal: Refusal | null;
} {
  const { signIn } = useAuthActions();
  const [isPending, setIsPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const submit = async (credentials: Credentials) => {
    setIsPending(true);
    setRefusal(null);
    try {
      await signIn("password", { flow, ...credentials, email: credentials.email.trim() });
      return true;
    } catch (error) {
      setRefusal({ field: fieldOf(error), message: messageOf(error) });
      return false;
    } finally {
      setIsPending(false);
    }
  };
  return { submit, isPending, refusal };
}
