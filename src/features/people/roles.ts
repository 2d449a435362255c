/** Roles that somebody can be given, from the most to the least: ownership is transferred. */
export const givenRoles = ["admin", "member", "viewer"] as const;
export type GivenRole = (typeof givenRoles)[number];
