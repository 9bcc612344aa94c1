package dev.stowage.deterministic;

import static dev.stowage.deterministic.RoundDeterminismTest.builderOf;
import static dev.stowage.deterministic.RoundDeterminismTest.configOf;
import static dev.stowage.deterministic.RoundDeterminismTest.drive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Anchor;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Verification;
import dev.stowage.evidence.Verifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerSnapshotTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 255, 256})
  void restoredScheduler_goesOnAsTheOriginal(int cores) {
    for (long seed = 0; seed < 10; seed++) {
      SchedulerConfig config = configOf(cores, seed);
      try (DeterministicScheduler original = builderOf(config).build()) {
        fill(original);
        SchedulerSnapshot snapshot = SchedulerSnapshot.decode(original.snapshot().encode());
        assertThat(snapshot.head()).isEqualTo(original.head());
        try (DeterministicScheduler restored = builderOf(config).threads(3).restore(snapshot)) {
          assertThat(restored.state()).isEqualTo(original.state());
          assertThat(restored.queued()).isEqualTo(original.queued());
          assertThat(restored.queuedOrdered()).isEqualTo(original.queuedOrdered());
          drive(original, seed);
          drive(restored, seed);
          assertThat(restored.log().point()).isEqualTo(original.log().point());
          assertThat(restored.snapshot()).isEqualTo(original.snapshot());
        }
      }
    }
  }

  /** Leaves tasks in queues, tasks waiting, state, local values and passed-over lanes behind. */
  private static void fill(DeterministicScheduler scheduler) {
    for (int id = 0; id < 40; id++) {
      Priority priority = Priority.ofLevel(id % 3);
      scheduler.enqueue(Task.call(id, Programs.MIXED, Payload.ofLong(2)).withPriority(priority));
      if (id % 5 == 0) {
        scheduler.enqueueOrdered(Task.pure(id, id), Timestamp.of(1000 + id % 2));
      }
    }
    scheduler.externalInput("open", Payload.ofLong(1));
    scheduler.runRound();
    scheduler.stepCore(0);
  }

  @Test
  void snapshotPlusTail_replayedEqualsReplayFromTheStart() {
    SchedulerConfig config = configOf(7, 2);
    try (DeterministicScheduler original = builderOf(config).build()) {
      fill(original);
      SchedulerSnapshot snapshot = original.snapshot();
      drive(original, 2);
      List<EvidenceRecord> tail = new ArrayList<>();
      for (EvidenceRecord record : original.log().records()) {
        if (record.index() >= snapshot.point().index()) {
          tail.add(record);
        }
      }
      ReplayResult fromSnapshot =
          Replayer.run(
              original.log().header(),
              snapshot.point(),
              tail,
              SchedulerReplay.factory(snapshot, Programs.table(), Programs.guards()));
      ReplayResult fromStart =
          Replayer.run(
              original.log().header(),
              original.log().records(),
              SchedulerReplay.factory(Programs.table(), Programs.guards()));
      assertThat(fromSnapshot.requireSame().head()).isEqualTo(original.log().point());
      assertThat(fromStart.requireSame().head()).isEqualTo(original.log().point());
      Anchor cut = new Anchor(snapshot.point(), original.log().point());
      assertThat(Verifier.verify(cut, tail)).isInstanceOf(Verification.Intact.class);
    }
  }

  @Test
  void stateHash_isChainedIntoTheLog() {
    try (DeterministicScheduler scheduler = builderOf(configOf(3, 1)).build()) {
      fill(scheduler);
      SchedulerSnapshot snapshot = scheduler.snapshot();
      EvidenceRecord last = scheduler.log().record(snapshot.point().index() - 1);
      assertThat(SchedulerRecords.decode(last))
          .isEqualTo(
              new SchedulerEvent.SnapshotTaken(
                  snapshot.round(), snapshot.clock(), snapshot.stateHash()));
    }
  }

  @Test
  void anyFlippedBitOfASnapshot_isRefused() {
    try (DeterministicScheduler scheduler = builderOf(SchedulerConfig.ofCores(2)).build()) {
      scheduler.enqueue(Task.pure(1, 1).withGuards(Programs.ALWAYS));
      scheduler.enqueueOrdered(Task.observation(2, Payload.ofLong(9)), Timestamp.of(5), 1);
      scheduler.externalInput("open", Payload.ofText("x"));
      SchedulerSnapshot snapshot = scheduler.snapshot();
      byte[] bytes = snapshot.encode();
      // the last 40 bytes are the point in the chain, which the log's own head answers for
      for (int bit = 0; bit < (bytes.length - 40) * 8; bit++) {
        byte[] bad = bytes.clone();
        bad[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThatThrownBy(() -> SchedulerSnapshot.decode(bad))
            .isInstanceOf(EvidenceException.class);
      }
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> SchedulerSnapshot.decode(cut))
            .isInstanceOf(EvidenceException.Malformed.class);
      }
    }
  }

  @Test
  void snapshotWhoseTasksThisHostCannotRun_isRefusedInsteadOfFailingThem() {
    SchedulerConfig config = SchedulerConfig.ofCores(2);
    for (Task task :
        List.of(
            Task.pure(1, 1).withGuards(Programs.ALWAYS),
            Task.call(1, Programs.COUNT, Payload.ofLong(1)))) {
      try (DeterministicScheduler queued = builderOf(config).build();
          DeterministicScheduler waiting = builderOf(config).build()) {
        queued.enqueue(task);
        waiting.enqueueOrdered(task, Timestamp.of(9));
        for (SchedulerSnapshot snapshot : List.of(queued.snapshot(), waiting.snapshot())) {
          assertThatThrownBy(() -> DeterministicScheduler.builder(config).restore(snapshot))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("is not in this scheduler's table");
        }
      }
    }
  }

  @Test
  void stateOfASnapshot_isEncodedInTheCanonicalOrderOfNames() {
    // in UTF-16 order the surrogates of the second name stand before the first name
    String basic = "\uFF5E";
    String beyond = "\uD83D\uDE00";
    try (DeterministicScheduler one = builderOf(SchedulerConfig.ofCores(1)).build()) {
      one.externalInput(beyond, Payload.ofLong(2));
      one.externalInput(basic, Payload.ofLong(1));
      byte[] bytes = one.snapshot().encode();
      String found = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(found.indexOf(latin(basic))).isPositive().isLessThan(found.indexOf(latin(beyond)));
      assertThat(SchedulerSnapshot.decode(bytes).encode()).isEqualTo(bytes);
    }
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void snapshotThatNoSchedulerCanBe_isRefusedByName() {
    SchedulerConfig config =
        SchedulerConfig.builder(2)
            .queueCapacity(2)
            .stateCapacity(1)
            .initialClock(Timestamp.of(-9))
            .build();
    Task low = Task.pure(1, 1).withPriority(Priority.LOW);
    Task high = Task.pure(1, 1).withPriority(Priority.HIGH);
    assertRefused(config, -10, List.of(), ordered(0, 0), "clock is 18446744073709551606");
    assertRefused(config, -9, List.of(low, high), ordered(0, 0), "level of the next queued task");
    assertRefused(config, -9, List.of(low, low, low), ordered(0, 0), "tasks of a core is 3");
    assertRefused(config, -9, List.of(), ordered(2, 0), "core of an ordered task is 2");
    assertRefused(config, -9, List.of(), ordered(1, 1), "sequence is 1; less than 1");
    assertThat(snapshotOf(config, -9, List.of(high, low), ordered(1, 0)).tasks()).hasSize(3);
  }

  private static SchedulerSnapshot.OrderedImage ordered(int core, long sequence) {
    return new SchedulerSnapshot.OrderedImage(
        Timestamp.of(5), sequence, OptionalInt.of(core), Task.pure(1, 1));
  }

  private static void assertRefused(
      SchedulerConfig config,
      long clock,
      List<Task> tasks,
      SchedulerSnapshot.OrderedImage ordered,
      String why) {
    assertThatThrownBy(() -> snapshotOf(config, clock, tasks, ordered))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static SchedulerSnapshot snapshotOf(
      SchedulerConfig config,
      long clock,
      List<Task> tasks,
      SchedulerSnapshot.OrderedImage ordered) {
    SchedulerSnapshot.CoreImage core = new SchedulerSnapshot.CoreImage(Payload.EMPTY, 0, 0, tasks);
    SchedulerSnapshot.CoreImage idle =
        new SchedulerSnapshot.CoreImage(Payload.EMPTY, 0, 0, List.of());
    return new SchedulerSnapshot(
        config,
        0,
        Timestamp.of(clock),
        List.of(core, idle),
        List.of(ordered),
        1,
        Map.of(),
        Hash256.ZERO,
        new ChainPoint(0, Hash256.ZERO));
  }

  @Test
  void snapshotOfAnotherConfigurationOrPoint_isRefused() {
    SchedulerConfig config = SchedulerConfig.ofCores(2);
    try (DeterministicScheduler scheduler = builderOf(config).build()) {
      scheduler.enqueue(Task.pure(1, 1));
      SchedulerSnapshot snapshot = scheduler.snapshot();
      assertThatThrownBy(() -> builderOf(SchedulerConfig.ofCores(3)).restore(snapshot))
          .isInstanceOf(EvidenceException.Mismatch.class)
          .hasMessageContaining("cores expected 3 found 2");
      EvidenceLog elsewhere = EvidenceLog.of(config.header());
      assertThatThrownBy(() -> builderOf(config).log(elsewhere).restore(snapshot))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("continues at");
    }
  }
}
