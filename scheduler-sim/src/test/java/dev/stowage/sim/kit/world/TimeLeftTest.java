package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Preview;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlanChanges;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The time left that is told of a fleet that was filled at full speed and then changes. */
class TimeLeftTest {
  private static final int WORKERS = 6;
  private static final int AT_ONCE = 1_000;
  private static final long CHUNK_BYTES = 100_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final WorkerId FIRST = WorkerId.of("w0");

  /** A fleet whose cycle and reports come each second, and whose workers get some copies in it. */
  private static final class Fleet implements AutoCloseable {
    private final Stowage stowage;
    private final Map<WorkerId, Result.Registered> lives = new TreeMap<>();
    private final Map<WorkerId, Set<ChunkNumber>> disks = new HashMap<>();
    private final Map<WorkerId, Long> reports = new HashMap<>();
    private long now = 1_000 * SECOND;
    private @Nullable SplittableRandom failures;

    Fleet(int chunks, long budgetBytes) {
      stowage =
          Stowage.builder(MemoryChunkStore.builder().fixedLineages().build())
              .config(
                  StowageConfig.defaults()
                      .withHolder("me")
                      .withFleet(fleet -> config(fleet, budgetBytes)))
              .build();
      assertThat(stowage.claim(now).granted()).isTrue();
      for (int i = 0; i < WORKERS; i++) {
        join("w" + i);
      }
      stowage.ingest(chunks("c", chunks), now);
      turn(AT_ONCE);
      while (stowage.progress().isToGo()) {
        turn(AT_ONCE);
      }
      for (int i = 0; i < 10; i++) {
        turn(AT_ONCE);
      }
    }

    void join(String name) {
      WorkerId worker = WorkerId.of(name);
      stowage.describe(Worker.of(worker, 10_000 * CHUNK_BYTES), now);
      lives.put(worker, stowage.register(worker, name, now));
      disks.put(worker, new HashSet<>());
    }

    private static LifecycleConfig.Builder config(LifecycleConfig.Builder fleet, long budget) {
      MovementBudget bytes = MovementBudget.ofBytes(budget);
      return fleet
          .drainWindow(Duration.ofSeconds(5))
          .minReplication(2)
          .maxReplication(WeightPolicy.AT_FLOOR)
          .placement(fleet.build().placement().toBuilder().budget(bytes).build());
    }

    static List<Chunk> chunks(String name, int count) {
      List<Chunk> chunks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        chunks.add(Chunk.of(ChunkKey.of("d", name + i), BlockRange.of(i, i), CHUNK_BYTES));
      }
      return chunks;
    }

    /** A second, in which each worker gets so many copies. */
    void turn(int most) {
      now += SECOND;
      stowage.schedule(now);
      lives.forEach((worker, life) -> report(worker, life, most));
      stowage.publish(now);
    }

    private void report(WorkerId worker, Result.Registered life, int most) {
      WorkerSlice slice = stowage.fleet().slice(worker).orElse(null);
      if (slice == null) {
        return;
      }
      Set<ChunkNumber> wanted = new HashSet<>();
      slice.entries().forEach(each -> wanted.add(each.number()));
      Set<ChunkNumber> disk = disks.get(worker);
      disk.retainAll(wanted);
      List<ChunkNumber> missing = new ArrayList<>();
      int begun = 0;
      for (var each : slice.entries()) {
        if (disk.contains(each.number())) {
          continue;
        }
        if (begun++ < most && (failures == null || failures.nextInt(20) > 0)) {
          disk.add(each.number());
        } else {
          missing.add(each.number());
        }
      }
      long number = reports.merge(worker, 1L, Long::sum);
      stowage.applied(
          new ReportHeader(worker, life.incarnation(), life.lineage(), number),
          slice.id(),
          missing,
          now);
    }

    @Override
    public void close() {
      stowage.close();
    }
  }

  @Test
  void timeLeft_ofALeaveUnderABudget_isThatOfItsCycles() {
    try (Fleet fleet = new Fleet(300, 10 * CHUNK_BYTES)) {
      CopyTime previewed =
          fleet
              .stowage
              .preview(List.of(new Command.SetStatus(FIRST, WorkerStatus.LEAVING)), fleet.now)
              .time();
      fleet.stowage.setStatus(FIRST, WorkerStatus.LEAVING, fleet.now);
      List<Progress.Part> told = new ArrayList<>();
      do {
        fleet.turn(AT_ONCE);
        told.add(fleet.stowage.progress(FIRST).orElseThrow());
      } while (told.get(told.size() - 1).copies() > 0);
      int took = told.size();
      assertThat(took).isBetween(10, 12);
      assertThat(previewed.leastSeconds()).isBetween(took - 1.0, took + 0.0);
      assertThat(previewed.mostSeconds()).isBetween(took + 0.0, took + 2.0);
      for (int at = 1; at < took; at++) {
        Progress.Part part = told.get(at - 1);
        assertThat(took - at)
            .as(at + " s: " + part.line())
            .isBetween((int) part.leastSeconds(), (int) part.mostSeconds());
        assertThat(part.mostSeconds()).isLessThan(part.leastSeconds() * 1.2 + 2);
      }
    }
  }

  @Test
  void raise_countsWhatItsBudgetKeepsBack_beforeAndBetweenItsPlans() {
    try (Fleet fleet = new Fleet(300, 10 * CHUNK_BYTES)) {
      LifecycleConfig three = fleet.stowage.fleet().config().toBuilder().minReplication(3).build();
      Command<?> raise = new Command.Configure(Command.ANY_VERSION, three);
      Preview preview = fleet.stowage.preview(List.of(raise), fleet.now);
      assertThat(preview.changes().laterBytes()).isEqualTo(290 * CHUNK_BYTES);
      assertThat(preview.changes().cycles()).contains(new PlanChanges.Cycles(30, 34));
      assertThat(preview.time()).isEqualTo(new CopyTime(30, 35));
      assertThat(fleet.stowage.configure(Command.ANY_VERSION, three, fleet.now).isAccepted())
          .isTrue();
      for (int turn = 0; turn < 15; turn++) {
        Progress told = fleet.stowage.progress();
        assertThat(told.of(CopyCause.RAISE).copies()).isEqualTo(300 - 10 * turn);
        assertThat(told.of(CopyCause.RAISE).bytes()).isEqualTo((300 - 10 * turn) * CHUNK_BYTES);
        assertThat(told.all().copies()).isEqualTo(300 - 10 * turn);
        assertThat(30.0 - turn)
            .as(told.all().line())
            .isBetween(told.all().leastSeconds(), told.all().mostSeconds());
        fleet.turn(AT_ONCE);
      }
      assertThat(fleet.stowage.progress().all().mostBytesPerSecond()).isEqualTo(10.0 * CHUNK_BYTES);
      assertThat(fleet.stowage.progress().budget().line())
          .isEqualTo(
              "the budget allows 954 MiB a plan; plans come by turnEvery and load, which was"
                  + " 954 MiB/s over the last 10 min");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JOIN", "GROWTH"})
  void growthAndLeveling_countWhatTheirBudgetKeepsBack(Change change) {
    try (Fleet fleet = new Fleet(300, 10 * CHUNK_BYTES)) {
      begin(fleet, change);
      List<Progress> told = new ArrayList<>();
      do {
        fleet.turn(AT_ONCE);
        told.add(fleet.stowage.progress());
      } while (told.get(told.size() - 1).isToGo());
      int took = told.size();
      int copies = change == Change.JOIN ? 600 / 7 + 1 : 300;
      CopyCause cause = change == Change.JOIN ? CopyCause.MOVE : CopyCause.GROWTH;
      assertThat(took).isEqualTo((copies + 9) / 10);
      for (int at = 1; at < took; at++) {
        Progress.Part part = told.get(at - 1).of(cause);
        assertThat(part.copies()).isEqualTo(copies - 10 * at);
        assertThat(part.bytes() / CHUNK_BYTES).isBetween(part.copies() - 1L, part.copies() + 0L);
        assertThat(told.get(at - 1).all().copies()).isEqualTo(part.copies());
        assertThat(took - at)
            .as(at + " s: " + part.line())
            .isBetween((int) part.leastSeconds(), (int) part.mostSeconds());
      }
    }
  }

  @Test
  void leaveOfAFrozenFleet_isStillToGo() {
    try (Fleet fleet = new Fleet(300, Long.MAX_VALUE)) {
      fleet.stowage.freeze(fleet.now);
      fleet.stowage.setStatus(FIRST, WorkerStatus.LEAVING, fleet.now);
      int first = fleet.stowage.progress().all().copies();
      fleet.turn(AT_ONCE);
      assertThat(first).isEqualTo(100);
      assertThat(fleet.stowage.progress().all().copies()).isEqualTo(first);
      assertThat(fleet.stowage.progress().all().stuck()).isZero();
      fleet.stowage.unfreeze(fleet.now);
      fleet.turn(AT_ONCE);
      fleet.turn(AT_ONCE);
      assertThat(fleet.stowage.progress().isToGo()).isFalse();
    }
  }

  private enum Change {
    LEAVE,
    DEATH,
    RAISE,
    SWAP,
    JOIN,
    GROWTH
  }

  private enum Hindrance {
    NOTHING,
    BUDGET,
    PACE,
    FAILURES,
    HOLD
  }

  private static void begin(Fleet fleet, Change change) {
    switch (change) {
      case LEAVE -> fleet.stowage.setStatus(FIRST, WorkerStatus.LEAVING, fleet.now);
      case DEATH -> {
        fleet.lives.remove(FIRST);
        while (!fleet.stowage.progress().isToGo()) {
          fleet.turn(0);
        }
      }
      case JOIN -> fleet.join("w" + WORKERS);
      case RAISE, GROWTH -> {
        LifecycleConfig.Builder three = fleet.stowage.fleet().config().toBuilder();
        three = change == Change.RAISE ? three.minReplication(3) : three.maxReplication(3);
        fleet.stowage.configure(Command.ANY_VERSION, three.build(), fleet.now);
      }
      case SWAP -> {
        List<ChunkKey> old = Fleet.chunks("c", 150).stream().map(Chunk::key).toList();
        List<Chunk> young = Fleet.chunks("s", 150);
        fleet.stowage.swap(DatasetId.of("d"), old, young, fleet.now);
      }
    }
  }

  /** Returns what was told after each second of a change, up to its end. */
  private static List<Progress.Part> told(Change change, Hindrance by) {
    List<Progress.Part> told = new ArrayList<>();
    long budget = by == Hindrance.BUDGET ? 4 * CHUNK_BYTES : Long.MAX_VALUE;
    try (Fleet fleet = new Fleet(750, budget)) {
      fleet.failures = by == Hindrance.FAILURES ? new SplittableRandom(1) : null;
      if (by == Hindrance.HOLD) {
        fleet.stowage.freeze(fleet.now);
      }
      begin(fleet, change);
      do {
        fleet.turn(by == Hindrance.PACE && told.size() % 2 > 0 ? 0 : 1);
        told.add(fleet.stowage.progress().all());
        fleet.stowage.unfreeze(fleet.now);
      } while (fleet.stowage.progress().isToGo());
    }
    return told;
  }

  @Test
  void timeLeft_isWithinTheToldRange_inNineOfTen() {
    StringBuilder table = new StringBuilder();
    int cells = 0;
    int held = 0;
    for (Change change : Change.values()) {
      for (Hindrance by : Hindrance.values()) {
        List<Progress.Part> told = told(change, by);
        table.append(String.format(Locale.ROOT, "%n%-7s%-9s", change, by));
        for (int percent : new int[] {10, 50, 90}) {
          int at = told.size() * percent / 100;
          int left = told.size() - at;
          double least = told.get(at - 1).leastSeconds();
          double most = told.get(at - 1).mostSeconds();
          boolean isHeld =
              least <= left && left <= most && most <= Math.max(3 * least, least + 1) + 1e-9;
          String cell = isHeld ? " | %d in %.0f to %.0f" : " | %d NOT in %.0f to %.0f";
          table.append(String.format(Locale.ROOT, cell, left, least, most));
          cells++;
          held += isHeld ? 1 : 0;
        }
      }
    }
    assertThat(held * 10).as(held + " of " + cells + table).isGreaterThanOrEqualTo(cells * 9);
  }
}
