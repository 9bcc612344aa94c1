package dev.stowage.lifecycle.state;

import dev.stowage.columns.Mix;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The 64-bit hash of each row; the state digest is their sum, so that it can be kept incrementally.
 * Rows are hashed by what they mean (keys, not positions), so that two backends that number rows
 * differently agree. Lineage tokens and marks are not hashed.
 */
public final class RowHash {
  private long hash;

  private RowHash(long seed) {
    hash = Mix.mix(seed);
  }

  /** Folds one more value; the order of folding matters. */
  public static long fold(long hash, long value) {
    return Mix.mix(hash ^ (value * 0xff51afd7ed558ccdL)) + hash * 31;
  }

  static long of(String text) {
    long folded = text.length();
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      folded = folded * 0x100000001b3L + (unit & 0xff);
    }
    return Mix.mix(folded);
  }

  /**
   * What one replica adds to the checksum of its worker's slice: everything that the slice says of
   * it. Of the number's lineage it is the place among those of the fleet that counts, as in the
   * digest.
   */
  public static long ofEntry(long key, int lineage, long counter, long sizeBytes, long since) {
    return fold(fold(fold(fold(Mix.mix(key), lineage), counter), sizeBytes), since);
  }

  public static long of(Eligibility eligibility) {
    return fold(
        of(eligibility.minVersion().toString()), of(eligibility.requiredLabels().toString()));
  }

  public static long of(SwapRow row) {
    RowHash fields = new RowHash(3);
    fields.add(row.id()).add(row.coverage().ordinal()).add(row.state().ordinal());
    fields.add(row.registeredTick()).add(row.endTick()).add(row.oldChunks().size());
    row.oldChunks().forEach(key -> fields.add(KeyHash.of(key)));
    row.newChunks().forEach(key -> fields.add(KeyHash.of(key)));
    return fields.hash;
  }

  public static long of(FleetRow row) {
    return of(row, LifecycleConfig.SHAPE.digest(row.config()), of(row.wishes()));
  }

  public static long of(List<PlacementWish> wishes) {
    RowHash fields = new RowHash(5);
    for (PlacementWish wish : wishes) {
      fields.add(wish.kind().ordinal()).add(of(wish.dataset().value()));
      fields.add(of(wish.chunkId().orElse(""))).add(KeyHash.of(wish.worker()));
    }
    return fields.hash;
  }

  /** The same, where the hashes of its larger parts are known. */
  public static long of(FleetRow row, long ofConfig, long ofWishes) {
    RowHash fields = new RowHash(4);
    fields.add(row.configVersion()).add(ofConfig);
    fields.add(row.workerAssignment()).add(row.portalAssignment()).add(row.lastSwap());
    fields.add(row.watermark()).add(row.largestWindowTicks()).add(row.frozen() ? 1 : 0);
    row.lineages().forEach(line -> fields.add(line.beganTick()).add(line.lastNumber()));
    row.formerWindows().forEach(old -> fields.add(old.windowTicks()).add(old.untilTick()));
    fields.add(row.wishesVersion()).add(ofWishes);
    for (FleetRow.Factor factor : row.factors()) {
      fields.add(of(factor.eligibility())).add(factor.weight()).add(factor.millionths());
    }
    fields.add(row.debtBytes()).add(row.debtReplicas());
    for (Annex annex : row.annexes().values()) {
      fields.add(of(annex.kind())).add(Arrays.hashCode(annex.content()));
    }
    return fields.hash;
  }

  private RowHash add(long value) {
    hash = fold(hash, value);
    return this;
  }
}
