package dev.stowage.contract;

import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Draws one command after another for a small fleet: mostly sensible, sometimes late, repeated,
 * contradictory or wrong. Workers are honest about what an honest worker could know; their disks
 * are not simulated, so that any report may come.
 */
public final class RandomStory {
  private static final long MIB = 1 << 20;
  private static final String[] WORKERS = {"a", "b", "c", "d", "e"};
  private static final String[] DATASETS = {"d", "e"};

  private final SplittableRandom random;
  private LifecycleState state;
  private final long[] reports = new long[WORKERS.length];
  private long now;
  private int chunks;
  private long lineages = 7;

  /** A story of this seed, about a state that the caller changes as it is told. */
  public RandomStory(long seed, LifecycleState state) {
    random = new SplittableRandom(seed);
    this.state = state;
  }

  /** The configuration that a story of this seed begins with. */
  public static LifecycleConfig config(long seed) {
    SplittableRandom draw = new SplittableRandom(seed * 31 + 5);
    ConfirmationPolicy policy =
        draw.nextInt(3) == 0
            ? ConfirmationPolicy.quorum(new int[] {0, 50, 80, 100}[draw.nextInt(4)])
            : ConfirmationPolicy.perWorker();
    long window = draw.nextInt(6);
    return quiet()
        .minReplication(1 + draw.nextInt(3))
        .drainWindowTicks(window)
        .confirmation(policy)
        .gates(draw.nextInt(4) == 0 ? Gates.NONE : Gates.ON)
        .suspectAfterTicks(draw.nextBoolean() ? LifecycleConfig.NEVER : 8)
        .departAfterTicks(draw.nextBoolean() ? LifecycleConfig.NEVER : 20)
        .giveUpAfterTicks(draw.nextBoolean() ? LifecycleConfig.NEVER : 12)
        .regrowAfterTicks(draw.nextInt(10))
        .retention(RetentionHorizons.ofTicks(10 + draw.nextInt(40)))
        .maxWaitingChunks(draw.nextBoolean() ? LifecycleConfig.UNLIMITED : 6)
        .raiseBudgetBytes(draw.nextBoolean() ? LifecycleConfig.LIKE_MOVES : draw.nextInt(3) << 19)
        .unchecked();
  }

  /** Returns the defaults of scenario files: nothing happens by itself. */
  public static LifecycleConfig.Builder quiet() {
    return LifecycleConfig.builder()
        .minReplication(1)
        .maxReplication(WeightPolicy.UNCAPPED)
        .drainWindowTicks(5)
        .suspectAfterTicks(LifecycleConfig.NEVER)
        .departAfterTicks(LifecycleConfig.NEVER)
        .giveUpAfterTicks(LifecycleConfig.NEVER)
        .trust(LifecycleConfig.Trust.BLIND)
        .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
        .regrowAfterTicks(0)
        .retention(RetentionHorizons.ofTicks(LifecycleConfig.NEVER))
        .placement(PlacementConfig.builder().saturation(0.97).build());
  }

  /** Another mirror of the same rows is told the rest of it. */
  public void goOnWith(LifecycleState loaded) {
    state = loaded;
  }

  /** The tick of the next command. */
  public long now() {
    return now;
  }

  /** The next command. */
  public Command<?> next() {
    int dice = random.nextInt(100);
    if (dice < 22) {
      now += random.nextInt(3);
      return new LeaderCommand.Schedule();
    }
    if (dice < 40) {
      return new LeaderCommand.Publish(random.nextInt(4) == 0 ? now + 1 : 0);
    }
    if (dice < 62) {
      return report();
    }
    if (dice < 84) {
      return ingesting();
    }
    return dice < 96 ? hosting() : rare();
  }

  private Command<?> report() {
    int index = random.nextInt(WORKERS.length);
    WorkerId id = WorkerId.of(WORKERS[index]);
    int position = state.workerPosition(id);
    if (position < 0 || random.nextInt(8) == 0) {
      String disk = "disk-" + index + (random.nextInt(6) == 0 ? "-" + random.nextInt(3) : "");
      return new Command.Register(id, disk);
    }
    long incarnation = state.incarnation(position).value() - (random.nextInt(20) == 0 ? 1 : 0);
    long token = random.nextInt(25) == 0 ? 99 : state.lineage().token();
    long number = random.nextInt(15) == 0 ? Math.max(1, reports[index]) : ++reports[index];
    ReportHeader header =
        new ReportHeader(id, Incarnation.of(Math.max(0, incarnation)), Lineage.of(token), number);
    return switch (random.nextInt(10)) {
      case 0 -> new Command.Heartbeat(header, pressure(number));
      case 1 -> new Command.Lost(header, some(position, 4));
      case 2 -> new Command.Inventory(header, some(position, 1));
      case 3 -> new Command.Applied(header, applied(), some(position, 5));
      default -> new Command.Applied(header, applied(), List.of());
    };
  }

  private static Optional<PressureSnapshot> pressure(long number) {
    return number % 3 == 0
        ? Optional.empty()
        : Optional.of(new PressureSnapshot(0, 0, number % 7 / 6.0, 0, 0));
  }

  private WorkerAssignmentId applied() {
    long newest = state.newestWorkerAssignment().value();
    long lag = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
    long ahead = random.nextInt(25) == 0 ? 1 : 0;
    return WorkerAssignmentId.of(Math.max(0, newest - lag) + ahead);
  }

  /** About one in {@code rarity} of what the books name, and now and then something else. */
  private List<ChunkNumber> some(int worker, int rarity) {
    List<ChunkNumber> numbers = new ArrayList<>();
    for (int slot = state.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = state.nextReplicaOn(slot)) {
      ChunkNumber number = state.chunkNumber(state.replicaChunk(slot));
      boolean isDrawn = rarity == 1 ? random.nextInt(5) > 0 : random.nextInt(rarity) == 0;
      if (number != null && isDrawn) {
        numbers.add(number);
      }
    }
    if (random.nextInt(4) == 0) {
      numbers.add(new ChunkNumber(Lineage.of(7), 1 + random.nextInt(12)));
    }
    return numbers;
  }

  private Command<?> ingesting() {
    DatasetId dataset = DatasetId.of(DATASETS[random.nextInt(DATASETS.length)]);
    List<ChunkKey> known = new ArrayList<>();
    state.forEachChunkOf(dataset, at -> known.add(state.chunkKey(at)));
    ChunkKey some = known.isEmpty() ? fresh(dataset) : known.get(random.nextInt(known.size()));
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> new Command.Ingest(List.of(proposal(fresh(dataset)), proposal(some)));
      case 4, 5 -> new Command.Offer(List.of(proposal(fresh(dataset))));
      case 6, 7 -> swap(dataset, some);
      case 8 -> new Command.Remove(some);
      default -> new Command.CancelSwap(1 + random.nextInt(4));
    };
  }

  private Command<?> swap(DatasetId dataset, ChunkKey old) {
    int position = state.chunkPosition(old);
    long first = position < 0 ? 0 : state.chunkRange(position).first();
    long last = position < 0 ? 9 : state.chunkRange(position).last();
    List<ProposedChunk> fresh = new ArrayList<>();
    if (random.nextInt(4) == 0 && last > first) {
      long middle = (first + last) / 2;
      fresh.add(chunk(fresh(dataset), first, middle));
      fresh.add(chunk(fresh(dataset), middle + 1, last));
    } else {
      long shift = random.nextInt(8) == 0 ? 10 : 0;
      fresh.add(chunk(fresh(dataset), first, last + shift));
    }
    Coverage coverage = random.nextInt(4) == 0 ? Coverage.CHANGE : Coverage.SAME;
    return new Command.RegisterSwap(dataset, List.of(old), fresh, coverage);
  }

  private ProposedChunk proposal(ChunkKey key) {
    long first = random.nextInt(12) * 10L;
    return chunk(key, first, first + 9);
  }

  private ChunkKey fresh(DatasetId dataset) {
    return new ChunkKey(dataset, "c" + (random.nextInt(20) == 0 ? 0 : chunks++));
  }

  private Command<?> hosting() {
    WorkerId id = WorkerId.of(WORKERS[random.nextInt(WORKERS.length)]);
    if (state.workerPosition(id) < 0 || random.nextInt(4) == 0) {
      long capacity = random.nextInt(10) == 0 ? 1 : 4 + random.nextInt(8);
      int limit = capacity % 3 == 0 ? (int) capacity / 3 : Worker.UNLIMITED;
      Worker worker = Worker.of(id, capacity * MIB).withMaxReplicas(limit);
      return Command.Describe.of(worker);
    }
    // An absence is announced by a command of its own.
    WorkerStatus[] all =
        EnumSet.complementOf(EnumSet.of(WorkerStatus.AWAY)).toArray(WorkerStatus[]::new);
    int status = random.nextInt(3) == 0 ? random.nextInt(all.length) : 0;
    return new Command.SetStatus(id, all[status]);
  }

  private Command<?> rare() {
    ChunkKey key = ChunkKey.of("d", "c" + random.nextInt(Math.max(1, chunks)));
    WorkerId id = WorkerId.of(WORKERS[random.nextInt(WORKERS.length)]);
    PlacementWish.Kind kind = PlacementWish.Kind.values()[random.nextInt(2)];
    return switch (random.nextInt(9)) {
      case 0, 1 -> new LeaderCommand.Purge();
      case 2 -> new Command.Wish(PlacementWish.of(kind, key, id), Command.ANY_VERSION);
      case 3 -> new Command.Unwish(PlacementWish.of(kind, key, id), Command.ANY_VERSION);
      case 4 -> random.nextBoolean() ? new Command.Freeze(-1) : new Command.Unfreeze(-1);
      case 5, 6 -> new Command.Configure(-1, config(random.nextLong(40)));
      case 7 -> new LeaderCommand.Admit();
      default ->
          random.nextInt(6) == 0
              ? new LeaderCommand.BeginLineage(Lineage.of(++lineages))
              : new LeaderCommand.Keep(new Annex("x/1", new byte[] {(byte) random.nextInt(3)}));
    };
  }

  private static ProposedChunk chunk(ChunkKey key, long first, long last) {
    return ProposedChunk.of(Chunk.of(key, BlockRange.of(first, last), MIB));
  }
}
