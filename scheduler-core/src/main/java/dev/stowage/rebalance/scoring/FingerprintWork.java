package dev.stowage.rebalance.scoring;

import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The fingerprints of all workers. */
public final class FingerprintWork extends ScorerWork {
  public final OptionalLong[] found;
  private final @Nullable WorkerId[] ids;

  public FingerprintWork(ScorerCalls calls, @Nullable WorkerId[] ids) {
    super(calls);
    this.ids = ids;
    found = new OptionalLong[ids.length];
  }

  @Override
  void work() {
    Arrays.fill(found, OptionalLong.empty());
    for (int worker = 0; worker < ids.length && goesOn(); worker++) {
      WorkerId of = ids[worker];
      if (of != null) {
        found[worker] = calls.fingerprint(of);
      }
    }
  }
}
