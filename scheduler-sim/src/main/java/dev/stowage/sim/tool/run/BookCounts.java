package dev.stowage.sim.tool.run;

import dev.stowage.FleetCensus;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.tool.report.ChunkCounts;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.ReplicaCounts;
import dev.stowage.sim.tool.report.WeightRecord;
import dev.stowage.sim.tool.report.WorkerRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/** Counts the contents of a fleet's books at one moment. */
final class BookCounts {
  private final LifecycleView fleet;

  BookCounts(LifecycleView fleet) {
    this.fleet = fleet;
  }

  /** Visits chunks in the order of their positions; sums need no other order. */
  private void forEachChunk(IntConsumer visitor) {
    for (int chunk = 0; chunk < fleet.chunkLimit(); chunk++) {
      if (fleet.isChunk(chunk)) {
        visitor.accept(chunk);
      }
    }
  }

  /** The replicas and chunks of a fleet. */
  record Counts(ReplicaCounts replicas, ChunkCounts chunks) {}

  /**
   * Counts in one pass. A copy is readable if it is confirmed and its worker is up.
   *
   * @param census what the facade says of the same state
   */
  Counts counts(BitSet up, FleetCensus census) {
    long[] replicas = new long[4];
    long[] chunks = new long[5];
    forEachChunk(chunk -> {
      ChunkState state = fleet.chunkState(chunk);
      int readable = 0;
      for (int slot = fleet.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = fleet.nextReplica(slot)) {
        boolean isConfirmed = fleet.confirmed(slot);
        replicas[kind(fleet.replicaState(slot), isConfirmed, state)]++;
        readable += isConfirmed && up.get(fleet.replicaWorker(slot)) ? 1 : 0;
      }
      chunks[0] += fleet.isLive(chunk) ? 1 : 0;
      if (state == ChunkState.VISIBLE) {
        chunks[1]++;
        chunks[2] += readable < fleet.formerFloor(chunk) ? 1 : 0;
        chunks[3] += readable == 0 ? 1 : 0;
      } else {
        chunks[4] += fleet.isLive(chunk) ? 1 : 0;
      }
    });
    return new Counts(
        new ReplicaCounts(replicas[0], replicas[1], replicas[2], replicas[3]),
        new ChunkCounts(
            chunks[0],
            chunks[1],
            chunks[4],
            chunks[2],
            chunks[3],
            census.raising(),
            census.standing().atRisk()));
  }

  /** Returns the place in the counts; those of a dropped chunk stay for lagging portals. */
  private static int kind(ReplicaState state, boolean isConfirmed, ChunkState ofChunk) {
    if (ofChunk == ChunkState.DROPPED) {
      return 3;
    }
    return switch (state) {
      case ASSIGNED -> isConfirmed ? 0 : 1;
      case SUPERSEDED -> 2;
      default -> 3;
    };
  }

  /** Returns the positions of the workers that run. */
  BitSet up(Predicate<WorkerId> isUp) {
    BitSet up = new BitSet();
    fleet.forEachWorker(worker -> up.set(worker, isUp.test(fleet.workerId(worker))));
    return up;
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

  /** Returns the water level of each active worker, in millionths of its capacity. */
  SortedMap<String, Integer> level() {
    Function<WorkerId, OptionalLong> levels = fleet.kept(KeptValue.LEADER_STANDING).levelByWorker();
    SortedMap<String, Integer> level = new TreeMap<>();
    fleet.forEachWorker(worker -> {
      WorkerId id = fleet.workerId(worker);
      if (fleet.worker(worker).status() == WorkerStatus.ACTIVE) {
        levels.apply(id).ifPresent(millionths -> level.put(id.value(), (int) millionths));
      }
    });
    return level;
  }

  /** Returns the fullest and emptiest active worker over the mean fill; 1 if all are empty. */
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
      return new double[] {1, 1};
    }
    double mean = (double) used / capacity;
    return new double[] {most / mean, least / mean};
  }
}
