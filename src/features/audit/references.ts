/** Fields of the log that hold ids of other rows. The event's own sentence says what they are about. */
export const auditReferences: ReadonlySet<string> = new Set([
  "acceptedBy",
  "acknowledgedBy",
  "announcementId",
  "blockedBy",
  "createdBy",
  "enrolledBy",
  "incidentId",
  "itemId",
  "machine",
  "machineId",
  "parent",
  "snoozedBy",
  "statusPageId",
  "suppressedBy",
  "userId",
]);
