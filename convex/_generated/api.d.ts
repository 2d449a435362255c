/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as accounts from "../accounts.js";
import type * as agentApi_answers from "../agentApi/answers.js";
import type * as agentApi_endpoint from "../agentApi/endpoint.js";
import type * as agentApi_enrol from "../agentApi/enrol.js";
import type * as agentApi_goodbye from "../agentApi/goodbye.js";
import type * as agentApi_heartbeat from "../agentApi/heartbeat.js";
import type * as agentApi_register from "../agentApi/register.js";
import type * as agentApi_respond from "../agentApi/respond.js";
import type * as apiKeys from "../apiKeys.js";
import type * as audit from "../audit.js";
import type * as auth from "../auth.js";
import type * as channels from "../channels.js";
import type * as cleanUps from "../cleanUps.js";
import type * as crons from "../crons.js";
import type * as deliveries from "../deliveries.js";
import type * as dependencies from "../dependencies.js";
import type * as enrolment from "../enrolment.js";
import type * as functions from "../functions.js";
import type * as history from "../history.js";
import type * as http from "../http.js";
import type * as incidentNotes from "../incidentNotes.js";
import type * as incidents from "../incidents.js";
import type * as installation from "../installation.js";
import type * as invites from "../invites.js";
import type * as jobs_callers from "../jobs/callers.js";
import type * as jobs_clock from "../jobs/clock.js";
import type * as jobs_followUp from "../jobs/followUp.js";
import type * as jobs_lateStage from "../jobs/lateStage.js";
import type * as jobs_notify from "../jobs/notify.js";
import type * as jobs_push from "../jobs/push.js";
import type * as jobs_reconcile from "../jobs/reconcile.js";
import type * as jobs_registry from "../jobs/registry.js";
import type * as jobs_removals from "../jobs/removals.js";
import type * as jobs_retain from "../jobs/retain.js";
import type * as jobs_rollUp from "../jobs/rollUp.js";
import type * as jobs_selfHeartbeat from "../jobs/selfHeartbeat.js";
import type * as jobs_sweep from "../jobs/sweep.js";
import type * as jobs_telegram from "../jobs/telegram.js";
import type * as links_acknowledge from "../links/acknowledge.js";
import type * as links_page from "../links/page.js";
import type * as links_telegram from "../links/telegram.js";
import type * as machines from "../machines.js";
import type * as maintenance from "../maintenance.js";
import type * as members from "../members.js";
import type * as model_access from "../model/access.js";
import type * as model_accounts from "../model/accounts.js";
import type * as model_ackLinks from "../model/ackLinks.js";
import type * as model_announcements from "../model/announcements.js";
import type * as model_apiKeys from "../model/apiKeys.js";
import type * as model_audit from "../model/audit.js";
import type * as model_auditLog from "../model/auditLog.js";
import type * as model_breakers from "../model/breakers.js";
import type * as model_browsers from "../model/browsers.js";
import type * as model_bulk from "../model/bulk.js";
import type * as model_channelHealth from "../model/channelHealth.js";
import type * as model_channelRows from "../model/channelRows.js";
import type * as model_channels from "../model/channels.js";
import type * as model_charts from "../model/charts.js";
import type * as model_cleanUps from "../model/cleanUps.js";
import type * as model_conditions from "../model/conditions.js";
import type * as model_credentials from "../model/credentials.js";
import type * as model_deliveries from "../model/deliveries.js";
import type * as model_deliveryLog from "../model/deliveryLog.js";
import type * as model_dependencies from "../model/dependencies.js";
import type * as model_desk from "../model/desk.js";
import type * as model_enrolment from "../model/enrolment.js";
import type * as model_exclusions from "../model/exclusions.js";
import type * as model_fail from "../model/fail.js";
import type * as model_fleets from "../model/fleets.js";
import type * as model_followUps from "../model/followUps.js";
import type * as model_forgetting from "../model/forgetting.js";
import type * as model_history from "../model/history.js";
import type * as model_incidentLog from "../model/incidentLog.js";
import type * as model_incidentNotes from "../model/incidentNotes.js";
import type * as model_incidents from "../model/incidents.js";
import type * as model_invites from "../model/invites.js";
import type * as model_lanes from "../model/lanes.js";
import type * as model_lateSpans from "../model/lateSpans.js";
import type * as model_lateStage from "../model/lateStage.js";
import type * as model_leases from "../model/leases.js";
import type * as model_ledger from "../model/ledger.js";
import type * as model_machineRows from "../model/machineRows.js";
import type * as model_machineSettings from "../model/machineSettings.js";
import type * as model_machines from "../model/machines.js";
import type * as model_maintenance from "../model/maintenance.js";
import type * as model_maintenanceRows from "../model/maintenanceRows.js";
import type * as model_members from "../model/members.js";
import type * as model_messages from "../model/messages.js";
import type * as model_neighbours from "../model/neighbours.js";
import type * as model_notifications from "../model/notifications.js";
import type * as model_obstacles from "../model/obstacles.js";
import type * as model_operators from "../model/operators.js";
import type * as model_outages from "../model/outages.js";
import type * as model_outbox from "../model/outbox.js";
import type * as model_passwordAccounts from "../model/passwordAccounts.js";
import type * as model_passwords from "../model/passwords.js";
import type * as model_preferences from "../model/preferences.js";
import type * as model_previews from "../model/previews.js";
import type * as model_publicStatus from "../model/publicStatus.js";
import type * as model_pulses from "../model/pulses.js";
import type * as model_rateLimits from "../model/rateLimits.js";
import type * as model_reconciliation from "../model/reconciliation.js";
import type * as model_refusals from "../model/refusals.js";
import type * as model_removals from "../model/removals.js";
import type * as model_repairs from "../model/repairs.js";
import type * as model_requestBody from "../model/requestBody.js";
import type * as model_retention from "../model/retention.js";
import type * as model_rollUpProgress from "../model/rollUpProgress.js";
import type * as model_rollups from "../model/rollups.js";
import type * as model_samples from "../model/samples.js";
import type * as model_secrets from "../model/secrets.js";
import type * as model_selfHeartbeats from "../model/selfHeartbeats.js";
import type * as model_sessions from "../model/sessions.js";
import type * as model_settings from "../model/settings.js";
import type * as model_settlements from "../model/settlements.js";
import type * as model_shelves from "../model/shelves.js";
import type * as model_signingKeys from "../model/signingKeys.js";
import type * as model_statusChanges from "../model/statusChanges.js";
import type * as model_statusPages from "../model/statusPages.js";
import type * as model_statuses from "../model/statuses.js";
import type * as model_suspects from "../model/suspects.js";
import type * as model_sweeps from "../model/sweeps.js";
import type * as model_telegram from "../model/telegram.js";
import type * as model_texts from "../model/texts.js";
import type * as model_uptimes from "../model/uptimes.js";
import type * as model_vapidKeys from "../model/vapidKeys.js";
import type * as model_versions from "../model/versions.js";
import type * as model_waves from "../model/waves.js";
import type * as model_whatIf from "../model/whatIf.js";
import type * as model_workspaceRows from "../model/workspaceRows.js";
import type * as model_workspaces from "../model/workspaces.js";
import type * as monitor from "../monitor.js";
import type * as notifiers_connectTelegram from "../notifiers/connectTelegram.js";
import type * as notifiers_discord from "../notifiers/discord.js";
import type * as notifiers_email from "../notifiers/email.js";
import type * as notifiers_fields from "../notifiers/fields.js";
import type * as notifiers_gotify from "../notifiers/gotify.js";
import type * as notifiers_mail from "../notifiers/mail.js";
import type * as notifiers_matrix from "../notifiers/matrix.js";
import type * as notifiers_notifier from "../notifiers/notifier.js";
import type * as notifiers_ntfy from "../notifiers/ntfy.js";
import type * as notifiers_opsgenie from "../notifiers/opsgenie.js";
import type * as notifiers_outboundFetch from "../notifiers/outboundFetch.js";
import type * as notifiers_pagerduty from "../notifiers/pagerduty.js";
import type * as notifiers_push from "../notifiers/push.js";
import type * as notifiers_pushover from "../notifiers/pushover.js";
import type * as notifiers_registry from "../notifiers/registry.js";
import type * as notifiers_selfHeartbeat from "../notifiers/selfHeartbeat.js";
import type * as notifiers_send from "../notifiers/send.js";
import type * as notifiers_slack from "../notifiers/slack.js";
import type * as notifiers_teams from "../notifiers/teams.js";
import type * as notifiers_telegram from "../notifiers/telegram.js";
import type * as notifiers_template from "../notifiers/template.js";
import type * as notifiers_vapid from "../notifiers/vapid.js";
import type * as notifiers_webhook from "../notifiers/webhook.js";
import type * as notifiers_webpush from "../notifiers/webpush.js";
import type * as operators from "../operators.js";
import type * as publicStatus from "../publicStatus.js";
import type * as pulses from "../pulses.js";
import type * as push from "../push.js";
import type * as restApi_access from "../restApi/access.js";
import type * as restApi_collect from "../restApi/collect.js";
import type * as restApi_dispatch from "../restApi/dispatch.js";
import type * as restApi_handlers from "../restApi/handlers.js";
import type * as restApi_health from "../restApi/health.js";
import type * as restApi_incidents from "../restApi/incidents.js";
import type * as restApi_ledger from "../restApi/ledger.js";
import type * as restApi_machines from "../restApi/machines.js";
import type * as restApi_metricsText from "../restApi/metricsText.js";
import type * as restApi_refused from "../restApi/refused.js";
import type * as restApi_status from "../restApi/status.js";
import type * as samples from "../samples.js";
import type * as secrets from "../secrets.js";
import type * as sessions from "../sessions.js";
import type * as statusPages from "../statusPages.js";
import type * as tables_alerting from "../tables/alerting.js";
import type * as tables_history from "../tables/history.js";
import type * as tables_people from "../tables/people.js";
import type * as tables_statusPages from "../tables/statusPages.js";
import type * as uptime from "../uptime.js";
import type * as users from "../users.js";
import type * as validators from "../validators.js";
import type * as versions from "../versions.js";
import type * as workspaces from "../workspaces.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  accounts: typeof accounts;
  "agentApi/answers": typeof agentApi_answers;
  "agentApi/endpoint": typeof agentApi_endpoint;
  "agentApi/enrol": typeof agentApi_enrol;
  "agentApi/goodbye": typeof agentApi_goodbye;
  "agentApi/heartbeat": typeof agentApi_heartbeat;
  "agentApi/register": typeof agentApi_register;
  "agentApi/respond": typeof agentApi_respond;
  apiKeys: typeof apiKeys;
  audit: typeof audit;
  auth: typeof auth;
  channels: typeof channels;
  cleanUps: typeof cleanUps;
  crons: typeof crons;
  deliveries: typeof deliveries;
  dependencies: typeof dependencies;
  enrolment: typeof enrolment;
  functions: typeof functions;
  history: typeof history;
  http: typeof http;
  incidentNotes: typeof incidentNotes;
  incidents: typeof incidents;
  installation: typeof installation;
  invites: typeof invites;
  "jobs/callers": typeof jobs_callers;
  "jobs/clock": typeof jobs_clock;
  "jobs/followUp": typeof jobs_followUp;
  "jobs/lateStage": typeof jobs_lateStage;
  "jobs/notify": typeof jobs_notify;
  "jobs/push": typeof jobs_push;
  "jobs/reconcile": typeof jobs_reconcile;
  "jobs/registry": typeof jobs_registry;
  "jobs/removals": typeof jobs_removals;
  "jobs/retain": typeof jobs_retain;
  "jobs/rollUp": typeof jobs_rollUp;
  "jobs/selfHeartbeat": typeof jobs_selfHeartbeat;
  "jobs/sweep": typeof jobs_sweep;
  "jobs/telegram": typeof jobs_telegram;
  "links/acknowledge": typeof links_acknowledge;
  "links/page": typeof links_page;
  "links/telegram": typeof links_telegram;
  machines: typeof machines;
  maintenance: typeof maintenance;
  members: typeof members;
  "model/access": typeof model_access;
  "model/accounts": typeof model_accounts;
  "model/ackLinks": typeof model_ackLinks;
  "model/announcements": typeof model_announcements;
  "model/apiKeys": typeof model_apiKeys;
  "model/audit": typeof model_audit;
  "model/auditLog": typeof model_auditLog;
  "model/breakers": typeof model_breakers;
  "model/browsers": typeof model_browsers;
  "model/bulk": typeof model_bulk;
  "model/channelHealth": typeof model_channelHealth;
  "model/channelRows": typeof model_channelRows;
  "model/channels": typeof model_channels;
  "model/charts": typeof model_charts;
  "model/cleanUps": typeof model_cleanUps;
  "model/conditions": typeof model_conditions;
  "model/credentials": typeof model_credentials;
  "model/deliveries": typeof model_deliveries;
  "model/deliveryLog": typeof model_deliveryLog;
  "model/dependencies": typeof model_dependencies;
  "model/desk": typeof model_desk;
  "model/enrolment": typeof model_enrolment;
  "model/exclusions": typeof model_exclusions;
  "model/fail": typeof model_fail;
  "model/fleets": typeof model_fleets;
  "model/followUps": typeof model_followUps;
  "model/forgetting": typeof model_forgetting;
  "model/history": typeof model_history;
  "model/incidentLog": typeof model_incidentLog;
  "model/incidentNotes": typeof model_incidentNotes;
  "model/incidents": typeof model_incidents;
  "model/invites": typeof model_invites;
  "model/lanes": typeof model_lanes;
  "model/lateSpans": typeof model_lateSpans;
  "model/lateStage": typeof model_lateStage;
  "model/leases": typeof model_leases;
  "model/ledger": typeof model_ledger;
  "model/machineRows": typeof model_machineRows;
  "model/machineSettings": typeof model_machineSettings;
  "model/machines": typeof model_machines;
  "model/maintenance": typeof model_maintenance;
  "model/maintenanceRows": typeof model_maintenanceRows;
  "model/members": typeof model_members;
  "model/messages": typeof model_messages;
  "model/neighbours": typeof model_neighbours;
  "model/notifications": typeof model_notifications;
  "model/obstacles": typeof model_obstacles;
  "model/operators": typeof model_operators;
  "model/outages": typeof model_outages;
  "model/outbox": typeof model_outbox;
  "model/passwordAccounts": typeof model_passwordAccounts;
  "model/passwords": typeof model_passwords;
  "model/preferences": typeof model_preferences;
  "model/previews": typeof model_previews;
  "model/publicStatus": typeof model_publicStatus;
  "model/pulses": typeof model_pulses;
  "model/rateLimits": typeof model_rateLimits;
  "model/reconciliation": typeof model_reconciliation;
  "model/refusals": typeof model_refusals;
  "model/removals": typeof model_removals;
  "model/repairs": typeof model_repairs;
  "model/requestBody": typeof model_requestBody;
  "model/retention": typeof model_retention;
  "model/rollUpProgress": typeof model_rollUpProgress;
  "model/rollups": typeof model_rollups;
  "model/samples": typeof model_samples;
  "model/secrets": typeof model_secrets;
  "model/selfHeartbeats": typeof model_selfHeartbeats;
  "model/sessions": typeof model_sessions;
  "model/settings": typeof model_settings;
  "model/settlements": typeof model_settlements;
  "model/shelves": typeof model_shelves;
  "model/signingKeys": typeof model_signingKeys;
  "model/statusChanges": typeof model_statusChanges;
  "model/statusPages": typeof model_statusPages;
  "model/statuses": typeof model_statuses;
  "model/suspects": typeof model_suspects;
  "model/sweeps": typeof model_sweeps;
  "model/telegram": typeof model_telegram;
  "model/texts": typeof model_texts;
  "model/uptimes": typeof model_uptimes;
  "model/vapidKeys": typeof model_vapidKeys;
  "model/versions": typeof model_versions;
  "model/waves": typeof model_waves;
  "model/whatIf": typeof model_whatIf;
  "model/workspaceRows": typeof model_workspaceRows;
  "model/workspaces": typeof model_workspaces;
  monitor: typeof monitor;
  "notifiers/connectTelegram": typeof notifiers_connectTelegram;
  "notifiers/discord": typeof notifiers_discord;
  "notifiers/email": typeof notifiers_email;
  "notifiers/fields": typeof notifiers_fields;
  "notifiers/gotify": typeof notifiers_gotify;
  "notifiers/mail": typeof notifiers_mail;
  "notifiers/matrix": typeof notifiers_matrix;
  "notifiers/notifier": typeof notifiers_notifier;
  "notifiers/ntfy": typeof notifiers_ntfy;
  "notifiers/opsgenie": typeof notifiers_opsgenie;
  "notifiers/outboundFetch": typeof notifiers_outboundFetch;
  "notifiers/pagerduty": typeof notifiers_pagerduty;
  "notifiers/push": typeof notifiers_push;
  "notifiers/pushover": typeof notifiers_pushover;
  "notifiers/registry": typeof notifiers_registry;
  "notifiers/selfHeartbeat": typeof notifiers_selfHeartbeat;
  "notifiers/send": typeof notifiers_send;
  "notifiers/slack": typeof notifiers_slack;
  "notifiers/teams": typeof notifiers_teams;
  "notifiers/telegram": typeof notifiers_telegram;
  "notifiers/template": typeof notifiers_template;
  "notifiers/vapid": typeof notifiers_vapid;
  "notifiers/webhook": typeof notifiers_webhook;
  "notifiers/webpush": typeof notifiers_webpush;
  operators: typeof operators;
  publicStatus: typeof publicStatus;
  pulses: typeof pulses;
  push: typeof push;
  "restApi/access": typeof restApi_access;
  "restApi/collect": typeof restApi_collect;
  "restApi/dispatch": typeof restApi_dispatch;
  "restApi/handlers": typeof restApi_handlers;
  "restApi/health": typeof restApi_health;
  "restApi/incidents": typeof restApi_incidents;
  "restApi/ledger": typeof restApi_ledger;
  "restApi/machines": typeof restApi_machines;
  "restApi/metricsText": typeof restApi_metricsText;
  "restApi/refused": typeof restApi_refused;
  "restApi/status": typeof restApi_status;
  samples: typeof samples;
  secrets: typeof secrets;
  sessions: typeof sessions;
  statusPages: typeof statusPages;
  "tables/alerting": typeof tables_alerting;
  "tables/history": typeof tables_history;
  "tables/people": typeof tables_people;
  "tables/statusPages": typeof tables_statusPages;
  uptime: typeof uptime;
  users: typeof users;
  validators: typeof validators;
  versions: typeof versions;
  workspaces: typeof workspaces;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {
  rateLimiter: import("@convex-dev/rate-limiter/_generated/component.js").ComponentApi<"rateLimiter">;
};
