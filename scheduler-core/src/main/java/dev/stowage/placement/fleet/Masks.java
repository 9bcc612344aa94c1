package dev.stowage.placement.fleet;

import dev.stowage.config.Reason;
import dev.stowage.config.Reason.Census;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.PoolSums;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The workers that rules refuse to each pool, computed once for a plan. Immutable. */
final class Masks {
  private static final @Nullable Reason[] NOBODY = {};

  /** The refusing rule by pool, then by worker. */
  private final @Nullable Reason[][] byPool;

  private Masks(int pools) {
    byPool = new Reason[pools][];
    Arrays.fill(byPool, NOBODY);
  }

  /** Asks each rule about the pools that have a key of it. */
  static Masks of(FlatInput input, Fleet fleet) {
    Masks masks = new Masks(input.pools.size());
    if (input.sums.isAny()) {
      for (Reason reason : Reason.OF_RULES) {
        MaskRule rule = Objects.requireNonNull(reason.rule());
        View view = new View(input, fleet, masks, reason, rule.setting().name() + "=");
        if (!view.pools.isEmpty()) {
          rule.mark(input.config, view);
        }
      }
    }
    return masks;
  }

  /** Returns the refusing rule by worker, or no elements if no rule concerns the pool. */
  @Nullable Reason[] of(int pool) {
    return byPool[pool];
  }

  boolean isAlike(Masks other) {
    return Arrays.deepEquals(byPool, other.byPool);
  }

  private void refuse(int pool, int worker, int workers, Reason reason) {
    if (byPool[pool].length == 0) {
      byPool[pool] = new Reason[workers];
    }
    @Nullable Reason[] refused = byPool[pool];
    refused[worker] = refused[worker] == null ? reason : refused[worker];
  }

  /** The fleet as one rule sees it. */
  private static final class View implements Census {
    private final FlatInput input;
    private final Fleet fleet;
    private final Masks masks;
    private final Reason reason;
    private final List<KeyedPool> pools = new ArrayList<>();

    View(FlatInput input, Fleet fleet, Masks masks, Reason reason, String prefix) {
      this.input = input;
      this.fleet = fleet;
      this.masks = masks;
      this.reason = reason;
      for (int pool : fleet.poolOrder) {
        for (String key : input.pools.get(pool).keys()) {
          if (key.startsWith(prefix)) {
            pools.add(new Keyed(pool, key.substring(prefix.length())));
          }
        }
      }
    }

    @Override
    public int[] workers() {
      return fleet.order;
    }

    @Override
    public boolean isPlaceable(int worker) {
      return fleet.placeable[worker];
    }

    @Override
    public Worker worker(int worker) {
      return fleet.worker(worker);
    }

    @Override
    public int zone(int worker) {
      return fleet.zones > 1 ? fleet.zone[worker] : 0;
    }

    @Override
    public int zones() {
      return Math.max(1, fleet.zones);
    }

    @Override
    public List<KeyedPool> pools() {
      return pools;
    }

    private final class Keyed implements KeyedPool {
      private final int pool;
      private final String key;
      private final PoolSums.Sums sums;

      Keyed(int pool, String key) {
        this.pool = pool;
        this.key = key;
        sums = Objects.requireNonNull(input.sums.of(pool));
      }

      @Override
      public String key() {
        return key;
      }

      @Override
      public boolean admits(int worker) {
        PoolKey of = input.pools.get(pool);
        return of.eligibility().admits(fleet.worker(worker));
      }

      @Override
      public int floor() {
        return sums.floor();
      }

      @Override
      public BigInteger floorBytes() {
        return sums.floorBytes();
      }

      @Override
      public BigInteger weightedBytes() {
        return sums.weightedBytes();
      }

      @Override
      public int copies(int worker) {
        return sums.copies(worker);
      }

      @Override
      public long wantedBytes(int worker) {
        return sums.wantedBytes(worker);
      }

      @Override
      public void refuse(int worker) {
        masks.refuse(pool, worker, fleet.count, reason);
      }
    }
  }
}
