package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static dev.stowage.storage.memory.ToldStore.bytesOf;
import static dev.stowage.storage.memory.ToldStore.loaded;
import static dev.stowage.storage.memory.ToldStore.toldBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.contract.RandomStory;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.StoreTransaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is saved as bytes and loaded, in drawn histories, and bytes that are damaged. */
class SavedStoreTest {
  private static final int BEFORE = 80;
  private static final int AFTER = 40;
  private static final int COMMITS = 400;

  private final AtomicLong clock = new AtomicLong(1_000);
  private final AtomicLong tokens = new AtomicLong(100);

  private MemoryChunkStore.Builder settings() {
    return MemoryChunkStore.builder()
        .twin()
        .leaseClock(clock::get)
        .lineageTokens(tokens::incrementAndGet);
  }

  // ---- round trips ----

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void store_thatWasLoaded_tellsTheSame_andGoesOnAlike(@ForAll long seed) {
    ToldStore first = ToldStore.leading(settings().fleet("f").build(), seed);
    RandomStory story = new RandomStory(seed, first.mirror());
    SplittableRandom dice = new SplittableRandom(seed);
    for (int step = 0; step < BEFORE; step++) {
      tell(story.next(), Tick.of(story.now()), dice, first);
    }
    byte[] bytes = bytesOf(first.store);
    assertThat(bytesOf(first.store)).as("saved twice").isEqualTo(bytes);
    MemoryChunkStore copy = loaded(settings(), bytes);
    assertThat(copy.lease()).isEqualTo(first.store.lease());
    assertThat(bytesOf(copy)).as("saved after a load").isEqualTo(bytes);

    ToldStore one = ToldStore.leading(first.store, seed);
    ToldStore other = ToldStore.leading(copy, seed);
    assertTellTheSame(one, other);
    story.goOnWith(one.mirror());
    for (int step = 0; step < AFTER; step++) {
      tell(story.next(), Tick.of(story.now()), dice, one, other);
    }
    assertTellTheSame(one, other);
    assertThat(other.session().verify()).isEqualTo(one.session().verify());
  }

  /** A cycle had left only its tick before the load; the next news was decided at that tick. */
  @Test
  void story3807500094_goesOnAlike() {
    store_thatWasLoaded_tellsTheSame_andGoesOnAlike(3_807_500_094L);
  }

  @Test
  void tickOfACycleThatChangedNothing_isThereAfterALoad() {
    ToldStore told = small();
    told.lead(new LeaderCommand.Schedule(), Tick.of(2));
    told.advance(Tick.of(9), 9);
    ToldStore next = ToldStore.leading(loaded(settings(), bytesOf(told.store)), 1);
    assertThat(next.mirror().largestTick()).isEqualTo(Tick.of(9));
  }

  private static void assertTellTheSame(ToldStore one, ToldStore other) {
    Map<String, Object> told = toldBy(other.store, other.session());
    Map<String, Object> expected = toldBy(one.store, one.session());
    assertThat(told.keySet()).isEqualTo(expected.keySet());
    expected.forEach((what, value) -> assertThat(told.get(what)).as(what).isEqualTo(value));
  }

  /** Gives a command to every store with equal dice. */
  private static void tell(Command<?> command, Tick now, SplittableRandom dice, ToldStore... all) {
    int drawn = dice.nextInt(8);
    List<Object> answers =
        Arrays.stream(all)
            .<Object>map(each -> {
              if (drawn == 0) {
                each.setAside(now);
              } else if (drawn == 1) {
                each.advance(now, now.value() * 3);
              }
              return CommandKind.kindOf(command).isLeadersOwn() || drawn < 4
                  ? each.lead(command, now)
                  : each.append(command);
            })
            .toList();
    assertThat(answers).as("%s", command).allMatch(answers.get(0)::equals);
  }

  /** The free positions of purged chunks and workers are given again in the same order. */
  @Test
  void storeThatShrank_isLoaded_andGivesTheSamePositions() {
    MemoryChunkStore store = settings().build();
    Stowage leader = SmallFleet.facade(store, "leader");
    SmallFleet fleet = new SmallFleet(leader);
    leader.claim(fleet.now());
    LifecycleConfig config = leader.config().value();
    leader.configure(
        Command.ANY_VERSION,
        config.toBuilder().retention(RetentionHorizons.ofTicks(10)).build(),
        fleet.now());
    fleet.join(1_000, "a", "b", "c");
    for (int i = 0; i < 9; i++) {
      fleet.ingest(chunk("c" + i, 10L * i));
    }
    fleet.settle();
    for (int i = 0; i < 7; i++) {
      leader.remove(key("c" + i), fleet.now());
    }
    fleet.settle();
    leader.purge(fleet.pass(10).now());
    List<ChunkRow> chunks = store.checkpoint().base.get().rows().build().chunks();
    assertThat(FreePositions.below(chunks.stream().mapToInt(ChunkRow::position)))
        .containsExactly(0, 1, 2, 3, 4, 5, 6);

    MemoryChunkStore copy = loaded(settings(), bytesOf(store));
    assertThat(bytesOf(copy)).isEqualTo(bytesOf(store));
    leader.resign();
    ToldStore one = ToldStore.leading(store, 1);
    ToldStore other = ToldStore.leading(copy, 1);
    for (ToldStore each : List.of(one, other)) {
      each.lead(new Command.Ingest(List.of(ProposedChunk.of(chunk("n", 500)))), Tick.of(2_000));
      assertThat(each.mirror().chunkPosition(key("n"))).isZero();
    }
  }

  /** Room is made up to the highest position, which must not come from a few bytes. */
  @ParameterizedTest
  @ValueSource(ints = {4, 1 << 28, Integer.MAX_VALUE, -1})
  void positionAboveTheNumberOfTakenAndFreeOnes_isNamed(int position) {
    FreePositions free = new FreePositions();
    free.add(0);
    free.add(2);
    assertThatThrownBy(() -> free.require(Section.WORKERS, 2, IntStream.of(1, position)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("position " + position + " of section WORKERS")
        .hasMessageContaining("not below 4");
  }

  @Test
  void fleetThatHasNotBegun_isSaved_andBegins() {
    MemoryChunkStore copy = loaded(settings(), bytesOf(settings().fleet("empty").build()));
    assertThat(copy.describe().fleet()).isEqualTo("empty");
    assertThatThrownBy(copy::view).isInstanceOf(StorageException.Transient.class);
    ToldStore told = ToldStore.leading(copy, 1);
    assertThat(copy.view().lineage()).isEqualTo(told.session().lease().lineage());
  }

  @Test
  void storeThatLostCommits_stillOwesALineage() {
    ToldStore told = small();
    Lineage former = told.mirror().lineage();
    told.store.restore(told.store.checkpoint());
    MemoryChunkStore copy = loaded(settings(), bytesOf(told.store));
    assertThatThrownBy(copy::view).isInstanceOf(StorageException.Transient.class);
    Lease lease = granted(copy.claim(new LeaseRequest("next", ToldStore.LEASE)));
    assertThat(lease.lineage()).isNotEqualTo(former);
    MemoryChunkStore again = loaded(settings(), bytesOf(copy));
    assertThat(granted(again.claim(new LeaseRequest("next", ToldStore.LEASE))).lineage())
        .as("it was not begun")
        .isEqualTo(lease.lineage());
  }

  // ---- the lease ----

  @Test
  void leaseThatWasHeld_isWaitedFor_asAfterACrash_butByItsHolder() {
    byte[] bytes = bytesOf(small().store);
    LeaseRequest holder = new LeaseRequest("leader", ToldStore.LEASE);
    assertThat(granted(loaded(settings(), bytes).claim(holder)).epoch()).isEqualTo(2);
    MemoryChunkStore copy = loaded(settings(), bytes);
    LeaseRequest another = new LeaseRequest("another", ToldStore.LEASE);
    assertThat(copy.claim(another)).isInstanceOf(Claim.Held.class);
    clock.set(copy.lease().orElseThrow().expiresAtNanos());
    assertThat(granted(copy.claim(another)).epoch()).isEqualTo(2);
  }

  @Test
  void leaseThatNoClockEnds_isOverAfterALoad_andItsEpochIsNotGivenAgain() {
    MemoryChunkStore store = MemoryChunkStore.builder().twin().build();
    ToldStore.leading(store, 1);
    MemoryChunkStore copy = loaded(MemoryChunkStore.builder().twin(), bytesOf(store));
    assertThat(copy.lease()).isEmpty();
    assertThat(granted(copy.claim(new LeaseRequest("another", ToldStore.LEASE))).epoch())
        .isEqualTo(2);
  }

  private static Lease granted(Claim claim) {
    assertThat(claim).isInstanceOf(Claim.Granted.class);
    return ((Claim.Granted) claim).session().lease();
  }

  // ---- the moment ----

  @Test
  void save_whileOthersWrite_isOfOneMoment() throws InterruptedException {
    ToldStore told = ToldStore.leading(settings().build(), 1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writer =
        new Thread(() -> {
          for (int i = 0; i < COMMITS; i++) {
            told.lead(Command.Describe.of(Worker.of(worker("w" + i), 1_000)), Tick.of(1));
          }
        });
    writer.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    writer.start();
    long count;
    do {
      MemoryChunkStore copy = loaded(settings(), bytesOf(told.store));
      ToldStore next = ToldStore.leading(copy, 1);
      count = next.session().load().evidenceHead().map(ChainPoint::index).orElse(0L);
      assertThat(next.mirror().workerCount()).isEqualTo((int) count);
      assertThat(copy.outcomeOf(new CommitKey(1, count + 1)))
          .isEqualTo(CommitOutcome.NOT_COMMITTED);
      assertThat(count == 0 ? CommitOutcome.COMMITTED : copy.outcomeOf(new CommitKey(1, count)))
          .isEqualTo(CommitOutcome.COMMITTED);
    } while (count < COMMITS && failure.get() == null);
    writer.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void save_withinATransactionOfTheSameThread_isRefused() {
    ToldStore told = small();
    try (StoreTransaction transaction = told.session().begin()) {
      assertThat(transaction.news().isEmpty()).isFalse();
      assertThatThrownBy(() -> told.store.save(OutputStream.nullOutputStream()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("save after its end");
    }
  }

  @Test
  void save_ontoAFullDisk_leavesTheStoreAsItWas() {
    ToldStore told = small();
    byte[] before = bytesOf(told.store);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertThatThrownBy(() -> told.store.save(full)).isInstanceOf(IOException.class);
    assertThat(bytesOf(told.store)).isEqualTo(before);
  }

  // ---- damage ----

  /** A worker, a chunk, a command that waits, one set aside, an answer, a lease. */
  private ToldStore small() {
    ToldStore told = ToldStore.leading(settings().build(), 1);
    Tick now = Tick.of(1);
    told.lead(Command.Describe.of(Worker.of(worker("a"), 1_000)), now);
    told.lead(new Command.Register(worker("a"), "disk"), now);
    told.append(new Command.Register(worker("b"), "aside"));
    told.setAside(now);
    told.lead(new Command.Ingest(List.of(ProposedChunk.of(chunk("c1", 0)))), now);
    told.lead(new LeaderCommand.Schedule(), now);
    told.append(new Command.Ingest(List.of(ProposedChunk.of(chunk("c2", 10)))));
    return told;
  }

  private static WorkerId worker(String id) {
    return WorkerId.of(id);
  }

  private void assertCorrupt(byte[] bytes, String as, String... words) {
    assertThatThrownBy(() -> loaded(settings(), bytes))
        .as(as)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("load another copy")
        .satisfies(e -> assertThat(words).allMatch(e.getMessage()::contains));
  }

  @Test
  void byteThatWasChanged_isFound_whereverItIs() {
    byte[] bytes = bytesOf(small().store);
    for (int at = 0; at < bytes.length; at++) {
      for (int bit : new int[] {1, 0x80}) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) bit;
        assertCorrupt(damaged, "byte " + at);
      }
    }
  }

  @Test
  void bytesThatWereCutOff_areFound_atEachLength() {
    byte[] bytes = bytesOf(small().store);
    for (int length = 0; length < bytes.length; length++) {
      assertCorrupt(Arrays.copyOf(bytes, length), "length " + length, "cut off after " + length);
    }
  }

  @Test
  void bytesOfAnotherVersion_andOfNoStore_areNamed() {
    byte[] bytes = bytesOf(small().store);
    bytes[7] = 3;
    assertCorrupt(bytes, "version 3", "format version 3", "reads version 2");
    assertCorrupt(
        "{\"version\": 1}".getBytes(StandardCharsets.UTF_8), "JSON", "no saved memory store");
  }

  @Test
  void sectionThatWasTakenOut_isFound_thoughEveryBlockIsWhole() {
    byte[] bytes = bytesOf(small().store);
    int first = SectionWriter.prefix(1).length;
    int second = behindBlock(bytes, first);
    int third = behindBlock(bytes, second);
    ByteArrayOutputStream without = new ByteArrayOutputStream();
    without.write(bytes, 0, second);
    without.write(bytes, third, bytes.length - third);
    assertCorrupt(without.toByteArray(), "without a section", "were changed");
  }

  private static int behindBlock(byte[] bytes, int at) {
    return at + SectionWriter.BLOCK_HEAD + ByteBuffer.wrap(bytes).getInt(at + 2) + 32;
  }

  @Test
  void rowsThatContradictTheirDigest_areFound() throws IOException {
    Checkpoint held = small().store.checkpoint();
    MemoryChunkStore.LeaseState leaseState =
        new MemoryChunkStore.LeaseState(1, Optional.empty(), false, Optional.empty());
    ByteArrayOutputStream forged = new ByteArrayOutputStream();
    new SavedStore("f", new MemoryChunkStore.Saved(leaseState, Optional.of(held), 1)).write(forged);
    assertThatThrownBy(() -> loaded(settings(), forged.toByteArray()))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("the stored digest is 1");
  }

  @Test
  void sectionsThatAreMissingOrTwice_areNamed() throws IOException {
    ByteArrayOutputStream none = new ByteArrayOutputStream();
    new SectionWriter(none).end();
    assertCorrupt(none.toByteArray(), "no section", "section STORE has 0 rows; 1 is expected");
    MemoryChunkStore.LeaseState leaseState =
        new MemoryChunkStore.LeaseState(1, Optional.empty(), false, Optional.empty());
    SavedRows.Store row = new SavedRows.Store("f", leaseState);
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    SectionWriter out = new SectionWriter(twice);
    out.rows(Section.STORE, SavedRows.STORE, List.of(row, row));
    out.end();
    assertCorrupt(twice.toByteArray(), "two rows", "section STORE has 2 rows; 1 is expected");
  }
}
