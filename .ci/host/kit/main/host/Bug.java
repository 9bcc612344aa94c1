package host;

/** What can be wrong with {@link OwnStore}, one at a time. */
public enum Bug {
  /** Nothing is. */
  NONE,
  /** A commit does not look whether another one came since its mirror was loaded. */
  LOST_UPDATE,
  /** The evidence of a commit is written with the next one: a crash between them tears it. */
  TORN_COMMIT,
  /** Readers see the fleet as it was before the newest commit. */
  STALE_READ,
  /** A session is told from another by the name of its holder, not by its epoch. */
  WRONG_FENCE,
  /** Of news that waits only the oldest is handed out; what it is taken in with forgets the rest. */
  FORGOTTEN_NEWS,
  /** News is handed out newest first. */
  REORDERED_NEWS,
  /** A commit that only takes in news leaves the digest as it was. */
  DIGEST_NOT_STORED,
  /** A lease that has run out cannot be claimed by others. */
  ENDLESS_LEASE,
  /** Until the next commit portals are told the routes that the newest one took away. */
  ROUTE_OF_A_RELEASED_REPLICA,
  /** Retention cuts one record more than it may. */
  HISTORY_CUT
}
