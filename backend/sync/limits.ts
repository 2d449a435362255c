/** The limits and intervals of the sync protocol. Tests shorten them; nothing else should. */
export type SyncLimits = {
  /** Longest frame that a client may send, in bytes. Arguments are at most 16 MiB; base64 and escapes need the rest. */
  maxMessageBytes: number;
  /** Mutations waiting on one socket before we stop reading from it. */
  maxQueuedMutations: number;
  /** Bytes of unhandled messages on one socket before we stop reading from it. */
  maxQueuedBytes: number;
  maxConcurrentActions: number;
  maxQueries: number;
  /** Unsent bytes above which a socket gets no transitions: its updates coalesce until it has drained. */
  congestedBytes: number;
  /** Unsent bytes above which a client is given up. */
  maxUnsentBytes: number;
  /** Length of one part of a split transition, in UTF-16 code units. */
  chunkLength: number;
  /** How often the sockets are looked at: WebSocket ping, protocol Ping when due, dead peers. */
  sweepEveryMs: number;
  /** Silence towards a client after which it gets a protocol Ping. Clients give up after 60 s. */
  pingAfterMs: number;
  /** Silence of a client after which its socket is ended. */
  deadAfterMs: number;
};

export const SYNC_LIMITS: SyncLimits = {
  maxMessageBytes: 32 * 1024 * 1024,
  maxQueuedMutations: 1000,
  maxQueuedBytes: 64 * 1024 * 1024,
  maxConcurrentActions: 1000,
  maxQueries: 20_000,
  congestedBytes: 1024 * 1024,
  maxUnsentBytes: 256 * 1024 * 1024,
  chunkLength: 5_000_000,
  sweepEveryMs: 5_000,
  pingAfterMs: 15_000,
  deadAfterMs: 120_000,
};
