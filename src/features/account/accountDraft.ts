/** What is wrong with typed credentials, before the server is asked. */
import { texts } from "@/texts/texts.ts";

/** The same bound as the server's. */
export const PASSWORD_MIN_LENGTH = 8;

export interface AccountProblems {
  email?: string;
  password?: string;
}

export function problemsOfSignIn(email: string, password: string): AccountProblems {
  const { account } = texts();
  return {
    ...(!isEmail(email) && { email: account.emailWrong }),
    ...(password === "" && { password: account.passwordMissing }),
  };
}

export function problemsOfSignUp(email: string, password: string): AccountProblems {
  return {
    ...problemsOfSignIn(email, password),
    ...(password.length < PASSWORD_MIN_LENGTH && {
      password: texts().account.passwordShort(PASSWORD_MIN_LENGTH),
    }),
  };
}

// Only what is surely a slip; whether an address exists, no pattern knows.
export function isEmail(text: string): boolean {
  return /^\s*[^\s@]+@[^\s@]+\s*$/.test(text);
}
