/** What is wrong with typed credentials, before the server is asked. */

/** The same bound as the server's. */
export const PASSWORD_MIN_LENGTH = 8;

export interface AccountProblems {
  email?: string;
  password?: string;
}

export function problemsOfSignIn(email: string, password: string): AccountProblems {
  return {
    ...(!isEmail(email) && { email: "Write an e-mail address, such as alice@example.com." }),
    ...(password === "" && { password: "Write your password." }),
  };
}

export function problemsOfSignUp(email: string, password: string): AccountProblems {
  return {
    ...problemsOfSignIn(email, password),
    ...(password.length < PASSWORD_MIN_LENGTH && {
      password: `At least ${PASSWORD_MIN_LENGTH} characters. A few words in a row work well.`,
    }),
  };
}

// Only what is surely a slip; whether an address exists, no pattern knows.
function isEmail(text: string): boolean {
  return /^\s*[^\s@]+@[^\s@]+\s*$/.test(text);
}
