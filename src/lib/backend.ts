/** What the page knows of the backend: its function references and the shapes of what they return. */
import { type FunctionReturnType } from "convex/server";
import { api } from "../../convex/_generated/api.js";

export { api };

/** A machine as the fleet list shows it. */
export type MachineRow = FunctionReturnType<typeof api.machines.list>[number];
/** A machine with everything that its own page shows. */
export type MachineDetails = NonNullable<FunctionReturnType<typeof api.machines.get>>;
/** What a machine's last heartbeat said. */
export type Pulse = FunctionReturnType<typeof api.pulses.list>[number];
export type Channel = FunctionReturnType<typeof api.channels.list>[number];
export type Delivery = FunctionReturnType<typeof api.deliveries.list>["page"][number];
export type Incident = FunctionReturnType<typeof api.incidents.list>["page"][number];
export type InstallationStatus = FunctionReturnType<typeof api.installation.status>;
export type MemberRow = FunctionReturnType<typeof api.members.list>[number];
export type InviteRow = FunctionReturnType<typeof api.invites.list>[number];
export type ApiKeyRow = FunctionReturnType<typeof api.apiKeys.list>[number];
export type EnrolmentKeyRow = FunctionReturnType<typeof api.enrolment.listKeys>[number];
export type Account = FunctionReturnType<typeof api.accounts.get>;
export type AccountRemoval = NonNullable<FunctionReturnType<typeof api.accounts.removal>>;
export type SessionRow = FunctionReturnType<typeof api.sessions.list>[number];
export type ShelvedMachine = FunctionReturnType<typeof api.machines.shelf>[number];
export type AuditEvent = FunctionReturnType<typeof api.audit.list>["page"][number];
export type Me = NonNullable<FunctionReturnType<typeof api.users.me>>;
export type Role = Me["workspace"]["role"];
