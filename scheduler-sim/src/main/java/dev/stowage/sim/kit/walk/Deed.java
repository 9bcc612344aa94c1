package dev.stowage.sim.kit.walk;

import java.util.Locale;

/** What may happen next in a walk. */
enum Deed {
  INGEST,
  OFFER,
  /** A chunk that is aimed at an occupied range. */
  OVERLAP,
  /** A key that is known. */
  DUPLICATE,
  /** Fills the fleet with heavy chunks. */
  FILL,
  /** Light chunks, up to nine tenths of what fits at the floor. */
  BURST,
  SWAP_ONE,
  SWAP_SPLIT,
  SWAP_MERGE,
  SWAP_REGROUP,
  /** A swap of the new side of a pending one. */
  SWAP_CHAIN,
  SWAP_FOREIGN,
  SWAP_WRONG_RANGE,
  SWAP_DUPLICATE,
  CANCEL,
  REMOVE,
  TICK,
  /** The clock jumps by more than a drain window. */
  JUMP,
  SCHEDULE,
  PUBLISH,
  FETCH,
  FETCH_ALL,
  /** A fetch that does not get everything. */
  MISS,
  PORTAL,
  FLOOR_UP,
  FLOOR_DOWN,
  WINDOW,
  POLICY,
  /** Settles and asks whether all is well, deferrals allowed. */
  WEAK,
  /** Settles and asks whether all is well. */
  STRONG,
  JOIN,
  LEAVE,
  /** A leave that may take the only copies with it. */
  LEAVE_BOLDLY,
  RETURN,
  RETURN_EMPTY,
  UPGRADE,
  CORDON,
  UNCORDON,
  DRAIN,
  CAPACITY,
  SUSPECT,
  LOST,
  AGAIN,
  DELIVER,
  PIN,
  BAN,
  FREEZE,
  /** Another cap of what weights earn. */
  CAP,
  /** Another limit of domains, or none. */
  DOMAIN_LIMIT,
  /** Another count of replicas that a worker may hold. */
  COUNT,
  /** A worker gets another zone, perhaps before it comes back. */
  ZONE,
  PURGE,
  CRASH,
  TAKEOVER,
  OLD,
  FAULT,
  /** The listener of the host throws, or its recorder refuses. */
  HOST,
  /** A command that is larger than any may be. */
  OVERSIZED,
  /** What a worker says next cannot be read by any leader. */
  SPOIL,
  FAILOVER,
  /** An inventory in parts, or one of its parts. */
  PARTS,
  /** The clock of the leader goes wrong, or right again; or the operator sets the time. */
  CLOCK,
  /** The operator says that silent workers are gone. */
  CONFIRM;

  /** The name as statistics print it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
