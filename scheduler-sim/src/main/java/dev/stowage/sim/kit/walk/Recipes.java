package dev.stowage.sim.kit.walk;

/** How the models mix their deeds. Stateless. */
final class Recipes {
  private Recipes() {}

  static Weights guided() {
    return Weights.none()
        .with(22, Deed.SCHEDULE)
        .with(20, Deed.PUBLISH, Deed.TICK)
        .with(14, Deed.FETCH, Deed.INGEST)
        .with(8, Deed.FETCH_ALL)
        .with(5, Deed.PORTAL, Deed.SWAP_ONE)
        .with(4, Deed.MISS, Deed.OFFER, Deed.SWAP_SPLIT, Deed.SWAP_CHAIN)
        .with(3, Deed.SWAP_MERGE, Deed.REMOVE)
        .with(2, Deed.SWAP_REGROUP, Deed.CANCEL, Deed.FLOOR_UP, Deed.FLOOR_DOWN, Deed.OVERLAP)
        .with(1, Deed.SWAP_FOREIGN, Deed.SWAP_WRONG_RANGE, Deed.SWAP_DUPLICATE, Deed.DUPLICATE)
        .with(1, Deed.WEAK, Deed.STRONG, Deed.WINDOW, Deed.JUMP, Deed.AGAIN)
        .with(1, Deed.HOST, Deed.OVERSIZED)
        .with(4, Deed.CAP)
        .with(2, Deed.DELIVER);
  }

  static Weights churn() {
    return guided()
        .with(4, Deed.LEAVE, Deed.RETURN, Deed.LOST)
        .with(2, Deed.JOIN, Deed.CORDON, Deed.UNCORDON, Deed.DRAIN, Deed.SUSPECT, Deed.CAPACITY)
        .with(2, Deed.RETURN_EMPTY, Deed.UPGRADE)
        .with(3, Deed.PARTS, Deed.ZONE)
        .with(4, Deed.COUNT, Deed.DOMAIN_LIMIT)
        .with(1, Deed.PURGE)
        .with(2, Deed.CLOCK)
        .with(1, Deed.CONFIRM, Deed.SPOIL);
  }

  static Weights flood() {
    return guided()
        .with(0, Deed.INGEST, Deed.OFFER, Deed.REMOVE, Deed.WEAK, Deed.FLOOR_UP)
        .with(16, Deed.FILL)
        .with(10, Deed.BURST)
        .with(2, Deed.STRONG);
  }

  static Weights crash() {
    return churn().with(5, Deed.CRASH, Deed.FAULT).with(2, Deed.TAKEOVER, Deed.OLD);
  }

  static Weights swarm() {
    return crash()
        .with(3, Deed.FAULT)
        .with(2, Deed.CRASH, Deed.LEAVE_BOLDLY, Deed.FILL)
        .with(1, Deed.PIN, Deed.BAN, Deed.FREEZE, Deed.POLICY, Deed.FAILOVER);
  }
}
