package dev.stowage.sim.tool.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.FleetCensus.NewestShare;
import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures by which a plan is judged, for scripts (simulation design, section 4). */
final class PlanSummary {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int DECIMALS = 6;

  private final PlacementPlan plan;
  private final PlacementInput input;
  private final ObjectNode root = JSON.createObjectNode();

  private PlanSummary(PlacementPlan plan) {
    this.plan = plan;
    input = plan.input();
  }

  static String of(PlanCase of, PlacementPlan plan, long planMillis) {
    PlanSummary summary = new PlanSummary(plan);
    summary.factors();
    summary.bytes();
    summary.counts();
    summary.leaving();
    summary.groups();
    summary.newest(of.keys());
    summary.root.put("plan_hash", plan.planHash());
    summary.root.put("plan_millis", planMillis);
    try {
      return JSON.writeValueAsString(summary.root) + "\n";
    } catch (JsonProcessingException ofATree) {
      throw new UncheckedIOException(ofATree);
    }
  }

  private void factors() {
    Map<Integer, Integer> reached = new TreeMap<>();
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      int bits = input.chunkBits(chunk);
      int count = plan.wantedCount(chunk);
      boolean established = (bits & ChunkBits.ESTABLISHED) != 0 || count > 0;
      if (established && (bits & ChunkBits.PINNED) == 0) {
        reached.merge(input.weight(chunk), count, Math::min);
      }
    }
    ObjectNode byWeight = root.putObject("replication_by_weight");
    reached.forEach((weight, count) -> byWeight.put(weight.toString(), count));
    Map<Integer, Long> targets = new TreeMap<>();
    for (PoolFactor pool : plan.factors()) {
      targets.merge(pool.weight(), pool.targetMillionths(), Math::min);
    }
    ObjectNode targetByWeight = root.putObject("target_by_weight");
    targets.forEach((weight, target) -> targetByWeight.put(weight.toString(), factor(target)));
    var pools = root.putArray("pools");
    for (PoolFactor pool : plan.factors()) {
      pools
          .addObject()
          .put("weight", pool.weight())
          .put("eligible_workers", pool.eligibleWorkers())
          .put("target", factor(pool.targetMillionths()));
    }
  }

  private BigDecimal factor(long millionths) {
    int decimals = input.config().factorMode() == FactorMode.SMOOTH ? 3 : 0;
    return BigDecimal.valueOf(millionths, DECIMALS).setScale(decimals, RoundingMode.HALF_UP);
  }

  private void bytes() {
    PlanFigures figures = plan.figures();
    root.put("bytes_added", figures.bytesAdded());
    root.put("bytes_minimum", figures.bytesMinimum());
    ObjectNode byCause = root.putObject("bytes_by_cause");
    for (Cause cause : Cause.values()) {
      byCause.put(PlanFields.lower(cause), figures.bytesByCause().getOrDefault(cause, 0L));
    }
    fills();
  }

  private void fills() {
    BigInteger[] held = new BigInteger[input.workerCount()];
    Arrays.fill(held, BigInteger.ZERO);
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      BigInteger size = BigInteger.valueOf(input.sizeBytes(chunk));
      for (int worker : plan.wantedWorkers(chunk)) {
        held[worker] = held[worker].add(size);
      }
    }
    BigInteger bytes = BigInteger.ZERO;
    BigInteger capacity = BigInteger.ZERO;
    for (int worker = 0; worker < held.length; worker++) {
      if (isMeasured(worker)) {
        bytes = bytes.add(held[worker]);
        capacity = capacity.add(BigInteger.valueOf(input.worker(worker).capacityBytes()));
      }
    }
    double most = 0;
    double least = bytes.signum() == 0 ? 0 : Double.MAX_VALUE;
    for (int worker = 0; worker < held.length && bytes.signum() > 0; worker++) {
      if (isMeasured(worker)) {
        BigInteger share = held[worker].multiply(capacity);
        BigInteger mean = bytes.multiply(BigInteger.valueOf(input.worker(worker).capacityBytes()));
        double fill =
            new BigDecimal(share)
                .divide(new BigDecimal(mean), DECIMALS, RoundingMode.HALF_UP)
                .doubleValue();
        most = Math.max(most, fill);
        least = Math.min(least, fill);
      }
    }
    root.put("max_over_mean_fill", most);
    root.put("min_over_mean_fill", least);
  }

  private void groups() {
    var groups = root.putArray("groups");
    for (PlanFigures.Group group : plan.figures().groups()) {
      groups
          .addObject()
          .put("level", millionths(group.level()))
          .put("workers", group.workers())
          .put("max_over_mean_fill", millionths(group.maxOverMeanFill()))
          .put("min_over_mean_fill", millionths(group.minOverMeanFill()));
    }
  }

  private void newest(List<ChunkKey> keys) {
    NewestShare.Counter counter = new NewestShare.Counter(input.workerCount(), input::worker);
    List<NewestShare> shares = new ArrayList<>();
    for (int end = keys.size(); end > 0; ) {
      DatasetId dataset = keys.get(end - 1).dataset();
      List<int[]> holders = new ArrayList<>();
      int at = end - 1;
      for (; at >= 0 && keys.get(at).dataset().equals(dataset); at--) {
        if (holders.size() < NewestShare.CHUNKS) {
          holders.add(plan.wantedWorkers(at));
        }
      }
      end = at + 1;
      counter.of(dataset, holders).ifPresent(shares::add);
    }
    var list = root.putArray("newest");
    for (NewestShare share : NewestShare.greatest(shares)) {
      list.addObject()
          .put("dataset", share.dataset().value())
          .put("copies", share.copies())
          .put("worker_id", share.worker().value())
          .put("most", share.most())
          .put(
              "times_fair",
              BigDecimal.valueOf(share.timesFair())
                  .setScale(DECIMALS, RoundingMode.HALF_UP)
                  .doubleValue());
    }
  }

  private static double millionths(long count) {
    return BigDecimal.valueOf(count, DECIMALS).doubleValue();
  }

  private boolean isMeasured(int worker) {
    return input.worker(worker).status() == WorkerStatus.ACTIVE
        && input.worker(worker).capacityBytes() > 0;
  }

  private void counts() {
    long replicas = 0;
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      replicas += plan.wantedCount(chunk);
    }
    root.put("workers", input.workerCount());
    root.put("chunks", input.chunkCount());
    root.put("replicas", replicas);
    root.put("deferred", plan.deferrals().size());
    root.put("shortfalls", plan.shortfalls().stream().mapToLong(Shortage::missing).sum());
    root.put("backpressure", plan.isBackpressure());
    root.put("budget_left_over", plan.budgetLeftOverBytes());
  }

  private void leaving() {
    Sums[] stuck = sums();
    for (Stuck each : plan.stuck()) {
      stuck[each.worker()].add(input.sizeBytes(each.chunk()));
    }
    Sums all = new Sums();
    Arrays.stream(stuck).forEach(all::add);
    root.put("stuck", all.replicas);
    root.put("stuck_bytes", all.bytes);
    var cutShort = root.putArray("cut_short");
    plan.cutShort().stream().map(PlanFields::lower).forEach(cutShort::add);
    Sums[] held = sums();
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      int end = input.replicaStart(chunk + 1);
      for (int replica = input.replicaStart(chunk); replica < end; replica++) {
        held[input.replicaWorker(replica)].add(input.sizeBytes(chunk));
      }
    }
    var list = root.putArray("leaving");
    for (int worker = 0; worker < held.length; worker++) {
      if (input.worker(worker).status() == WorkerStatus.LEAVING) {
        list.addObject()
            .put("worker_id", input.worker(worker).id().value())
            .put("replicas", held[worker].replicas)
            .put("bytes", held[worker].bytes)
            .put("stuck_replicas", stuck[worker].replicas)
            .put("stuck_bytes", stuck[worker].bytes);
      }
    }
  }

  private Sums[] sums() {
    Sums[] sums = new Sums[input.workerCount()];
    Arrays.setAll(sums, worker -> new Sums());
    return sums;
  }

  private static final class Sums {
    int replicas;
    BigInteger bytes = BigInteger.ZERO;

    void add(long size) {
      replicas++;
      bytes = bytes.add(BigInteger.valueOf(size));
    }

    void add(Sums other) {
      replicas += other.replicas;
      bytes = bytes.add(other.bytes);
    }
  }
}
