import { type Role } from "./backend.ts";

/** Whether somebody decides who is in and who is told. The server decides; this is for what to show. */
export function canAdminister(role: Role): boolean {
  return role === "owner" || role === "admin";
}
