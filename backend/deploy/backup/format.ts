/**
 * A backup: a ZIP file with a copy of the whole database, and the contents of stored files.
 *
 *   manifest.json      what this is, of when
 *   rows.sqlite        everything: documents, jobs, environment, code
 *   files/<name>       contents of stored files
 *
 * Unlike an export it is for this backend only, and complete. It holds the secrets of the deployment.
 */
export const MANIFEST = "manifest.json";
export const DATABASE = "rows.sqlite";
export const FILES = "files/";

export const BACKUP_FORMAT = 1;

export type BackupManifest = {
  kind: "embedded-convex-backup";
  format: number;
  /** ISO 8601. */
  madeAt: string;
  /** The newest commit timestamp in it, ns. */
  ts: string;
  files: number;
};
