package dev.stowage.audit;

/**
 * Step: a portal assignment is minted exactly where what it says changes: which chunks are visible,
 * and which replicas it names (lifecycle design, section 1). A named replica that went, or whose
 * disk was replaced, is a change of its own, whoever is named in its place. Only visibility cycles
 * mint, one id at a time.
 */
final class PortalMintedOnChange implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    long old = step.before().header().newestPortalAssignment();
    long young = step.after().header().newestPortalAssignment();
    boolean isMinted = young != old;
    if (step.kind() != AuditStep.Kind.PUBLISH) {
      if (isMinted) {
        find("minted by a command that is no visibility cycle", young, findings);
      }
      return;
    }
    boolean isChanged = isAnotherChunkVisible(step) || isAnotherReplicaNamed(step);
    if (isMinted && !isChanged) {
      find("minted although it says what the one before said", young, findings);
    } else if (isChanged && !isMinted) {
      find("not minted although what is published changed", young + 1, findings);
    } else if (young > old + 1) {
      find("minted beyond the next id, " + (old + 1), young, findings);
    }
  }

  private static void find(String what, long id, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, "portal assignment " + id, what);
  }

  private static boolean isAnotherChunkVisible(AuditStep step) {
    ChunkColumns old = step.before().chunks();
    ChunkColumns young = step.after().chunks();
    int seen = 0;
    for (int chunk = 0; chunk < old.count; chunk++) {
      boolean was = old.state[chunk] == ChunkColumns.VISIBLE;
      int now = step.chunkAfter(chunk);
      boolean is = now >= 0 && young.state[now] == ChunkColumns.VISIBLE;
      if (was != is || old.staleRoutes[chunk]) {
        return true;
      }
      seen += is ? 1 : 0;
    }
    for (int chunk = 0; chunk < young.count; chunk++) {
      seen -= young.state[chunk] == ChunkColumns.VISIBLE ? 1 : 0;
    }
    return seen != 0;
  }

  private static boolean isAnotherReplicaNamed(AuditStep step) {
    ReplicaColumns old = step.before().replicas();
    ReplicaColumns young = step.after().replicas();
    int[] after = step.replicasAfter();
    int named = 0;
    for (int replica = 0; replica < after.length; replica++) {
      boolean is = after[replica] >= 0 && young.named[after[replica]];
      if (old.named[replica] != is) {
        return true;
      }
      named += is ? 1 : 0;
    }
    for (int replica = 0; replica < young.count; replica++) {
      named -= young.named[replica] ? 1 : 0;
    }
    return named != 0;
  }
}
