package dev.stowage.placement.input;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A mutable input with ascending canonical positions, checked only by {@link #sealed}. */
public final class InputDraft {
  public final PlacementConfig config;
  public final List<Worker> workers = new ArrayList<>();
  public final BitSet avoided = new BitSet();
  public final Map<PoolKey, Integer> pools = new LinkedHashMap<>();
  public final ChunkColumns chunks = new ChunkColumns();
  public final HeldReplicas.Draft held = new HeldReplicas.Draft();
  public final PairSet pins = new PairSet();
  public final PairSet bans = new PairSet();
  public Request request = Request.NONE;

  public InputDraft(PlacementConfig config) {
    this.config = config;
    pools.put(PoolKey.ANY, 0);
  }

  /** Returns the number of a pool, equal for equal keys; 0 is {@code ANY}. */
  public int pool(PoolKey key) {
    Integer known = pools.putIfAbsent(key, pools.size());
    return known == null ? pools.size() - 1 : known;
  }

  /** Returns the input; {@code IllegalArgumentException} for duplicate or contradictory pairs. */
  public FlatInput sealed() {
    FlatInput.Crew crew =
        new FlatInput.Crew(
            workers.toArray(new Worker[0]),
            IntStream.range(0, workers.size()).toArray(),
            avoidedWorkers(),
            List.copyOf(pools.keySet()));
    ChunkColumns columns = chunks.sealed();
    FlatInput.Stock stock =
        new FlatInput.Stock(columns, SlotOrder.ASCENDING, held.sealed(columns.count));
    long[] pinned = pins.sorted();
    long[] banned = bans.sorted();
    PairSet.refuseCommon(pinned, banned);
    return new FlatInput(
        config,
        crew,
        stock,
        new FlatInput.Pairs(pinned, pinned, banned),
        request.wishes(SlotOrder.ASCENDING),
        sums(columns, stock.held()));
  }

  private PoolSums sums(ChunkColumns columns, HeldReplicas replicas) {
    PoolSums sums = new PoolSums();
    pools.keySet().forEach(sums::pool);
    for (int chunk = 0; sums.isAny() && chunk < columns.count; chunk++) {
      PoolSums.Sums of = sums.of(columns.pool(chunk));
      if (of != null) {
        long size = columns.size[chunk];
        of.chunk(size, columns.floor(chunk), columns.weight(chunk), 1);
        for (int i = replicas.begin(chunk); i < replicas.end(chunk); i++) {
          of.replica(size, replicas.worker()[i], replicas.bits()[i], 1);
        }
      }
    }
    return sums;
  }

  private boolean[] avoidedWorkers() {
    boolean[] flags = new boolean[workers.size()];
    for (int worker = 0; worker < flags.length; worker++) {
      flags[worker] = avoided.get(worker);
    }
    return flags;
  }
}
