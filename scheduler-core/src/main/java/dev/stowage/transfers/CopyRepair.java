package dev.stowage.transfers;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.Resource;

/** Chooses by {@link RepairPolicy} the part to send of a copy that came in part. */
public final class CopyRepair {
  private static final int WHOLE_PERMILLE = 1_000;
  private static final double MICROS_PER_SECOND = 1e6;

  private CopyRepair() {}

  // Repair saves the time of the good bytes; the missing bytes go in any case.
  public static RepairPolicy.Action of(
      RepairPolicy policy,
      TransferTask task,
      long size,
      long goodBytes,
      int sources,
      PeerBook peers,
      PressureSnapshot pressure) {
    double goodShare = (double) goodBytes / size;
    int lost = peers.failuresPermille(task.worker());
    RepairFactors factors =
        RepairFactors.NONE
            .withGain((long) (goodShare * task.seconds() * MICROS_PER_SECOND), 0, 0, 0)
            .withStrain(
                permille(pressure.reading(Resource.MEMORY)),
                permille(pressure.reading(Resource.CPU)))
            .withPath(lost, permille(goodShare), WHOLE_PERMILLE - lost, sources);
    return policy.decide(factors, null, null).action();
  }

  private static int permille(double share) {
    return (int) Math.min(WHOLE_PERMILLE, Math.round(WHOLE_PERMILLE * share));
  }
}
