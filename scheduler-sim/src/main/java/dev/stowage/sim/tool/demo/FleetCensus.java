package dev.stowage.sim.tool.demo;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.ReplicaCounts;
import dev.stowage.sim.tool.report.WeightRecord;
import dev.stowage.sim.tool.report.WorkerRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/** Counts the contents of a fleet's books at one moment. */
final class FleetCensus {
  private final LifecycleView fleet;

  FleetCensus(LifecycleView fleet) {
    this.fleet = fleet;
  }

  ReplicaCounts replicas() {
    long[] counts = new long[4];
    fleet.forEachReplica(slot -> count(slot, counts));
    return new ReplicaCounts(counts[0], counts[1], counts[2], counts[3]);
  }

  /** Visits chunks in the order of their positions; sums need no other order. */
  private void forEachChunk(IntConsumer visitor) {
    for (int chunk = 0; chunk < fleet.chunkLimit(); chunk++) {
      if (fleet.isChunk(chunk)) {
        visitor.accept(chunk);
      }
    }
  }

  /** Counts a replica; those of a dropped chunk stay for lagging portals, as draining ones. */
  private void count(int slot, long[] counts) {
    boolean dropped = fleet.chunkState(fleet.replicaChunk(slot)) == ChunkState.DROPPED;
    ReplicaState state = fleet.replicaState(slot);
    if (state == ReplicaState.ASSIGNED && !dropped) {
      counts[fleet.confirmed(slot) ? 0 : 1]++;
    } else {
      counts[state == ReplicaState.SUPERSEDED && !dropped ? 2 : 3]++;
    }
  }

  /**
   * Chunks of a fleet.
   *
   * @param live chunks that are not dropped
   * @param visible chunks that portals may see
   * @param underFloor visible chunks that fewer counted workers than their floor possess
   * @param unreadable visible chunks without a replica that portals are routed to, and that its
   *     worker possesses and is not silent
   */
  record ChunkCounts(long live, long visible, long underFloor, long unreadable) {}

  ChunkCounts chunks() {
    long[] counts = new long[4];
    BitSet speaking = new BitSet();
    fleet.forEachWorker(worker ->
        speaking.set(
            worker,
            fleet.isPresent(worker) && fleet.worker(worker).status() != WorkerStatus.SUSPECT));
    forEachChunk(chunk -> {
      counts[0] += fleet.isLive(chunk) ? 1 : 0;
      if (fleet.chunkState(chunk) == ChunkState.VISIBLE) {
        counts[1]++;
        int possessed = 0;
        boolean isReadable = false;
        for (int slot = fleet.firstReplica(chunk);
            slot != LifecycleView.NONE;
            slot = fleet.nextReplica(slot)) {
          int worker = fleet.replicaWorker(slot);
          if (fleet.possessed(slot)) {
            possessed += fleet.isCounted(worker) ? 1 : 0;
            isReadable = isReadable || fleet.routed(slot) && speaking.get(worker);
          }
        }
        counts[2] += possessed < fleet.floor(chunk) ? 1 : 0;
        counts[3] += isReadable ? 0 : 1;
      }
    });
    return new ChunkCounts(counts[0], counts[1], counts[2], counts[3]);
  }

  /** Returns the bytes of every worker that has not departed, in millionths of its capacity. */
  SortedMap<String, Integer> fill() {
    SortedMap<String, Integer> fill = new TreeMap<>();
    workers().stream()
        .filter(each -> !each.status().equals("departed"))
        .forEach(each -> fill.put(each.name(), each.millionths()));
    return fill;
  }

  List<WorkerRecord> workers() {
    List<WorkerRecord> records = new ArrayList<>();
    fleet.forEachWorker(position -> {
      Worker worker = fleet.worker(position);
      records.add(
          new WorkerRecord(
              worker.id().value(),
              worker.zone(),
              worker.status().name().toLowerCase(Locale.ROOT),
              worker.capacityBytes(),
              fleet.footprintBytes(position),
              fleet.replicasOn(position),
              worker.maxReplicas()));
    });
    return records;
  }

  List<LastPlan.Leaver> leaving() {
    return workers().stream()
        .filter(each -> each.status().equals("leaving"))
        .map(each -> new LastPlan.Leaver(each.name(), each.replicas(), each.usedBytes()))
        .toList();
  }

  /**
   * Returns the live chunks by weight.
   *
   * @param target maps a weight to the replicas that the last plan aimed at
   */
  List<WeightRecord> weights(IntUnaryOperator target) {
    SortedMap<Integer, long[]> sums = new TreeMap<>();
    forEachChunk(chunk -> {
      if (fleet.isLive(chunk)) {
        long[] sum =
            sums.computeIfAbsent(
                fleet.weight(chunk), weight -> new long[] {0, 0, Integer.MAX_VALUE});
        sum[0]++;
        sum[1] += fleet.chunkSizeBytes(chunk);
        sum[2] = Math.min(sum[2], assigned(chunk));
      }
    });
    List<WeightRecord> records = new ArrayList<>();
    sums.forEach((weight, sum) ->
        records.add(
            new WeightRecord(weight, sum[0], sum[1], target.applyAsInt(weight), (int) sum[2])));
    return records;
  }

  int assigned(int chunk) {
    int count = 0;
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (fleet.replicaState(slot) == ReplicaState.ASSIGNED) {
        count++;
      }
    }
    return count;
  }

  /** Returns the bytes of all active workers in millionths of their capacity. */
  int level() {
    return (int) Math.round(1e6 * balance()[2]);
  }

  /**
   * Returns the fullest and emptiest active worker over the mean fill, 1 if all are empty, and the
   * mean fill.
   */
  double[] balance() {
    double most = 0;
    double least = Double.MAX_VALUE;
    long used = 0;
    long capacity = 0;
    for (int worker = 0; worker < fleet.workerLimit(); worker++) {
      if (fleet.isWorker(worker) && fleet.worker(worker).status() == WorkerStatus.ACTIVE) {
        long bytes = fleet.footprintBytes(worker);
        long room = fleet.worker(worker).capacityBytes();
        used += bytes;
        capacity += room;
        double fill = room == 0 ? 0 : (double) bytes / room;
        most = Math.max(most, fill);
        least = Math.min(least, fill);
      }
    }
    if (used == 0) {
      return new double[] {1, 1, 0};
    }
    double mean = (double) used / capacity;
    return new double[] {most / mean, least / mean, mean};
  }
}
