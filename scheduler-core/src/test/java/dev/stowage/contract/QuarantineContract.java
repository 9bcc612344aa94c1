package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.CommandId;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nothing in an inbox stops a fleet: news that cannot be taken in is set aside, what it changed is
 * undone, and all else goes on. A backend extends this class, says how its store is opened, and
 * changes nothing else.
 */
public abstract class QuarantineContract {
  private static final WorkerId A = WorkerId.of("a");

  private final List<QuarantinedNews> heard = new ArrayList<>();
  private Runnable whileTold = () -> {};
  private StoreFixture fixture;
  private SpoiledStore store;
  private Stowage leader;
  private LogSender sender;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = new SpoiledStore(fixture.connect());
    leader = facade(store, "first");
    sender = new LogSender(fixture.connect(), 1);
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    fleet.join(1L << 40, "a", "b", "c").ingest(chunk("c1", 0), chunk("c2", 100)).settle();
  }

  @AfterEach
  void closeFleet() {
    try {
      fixture.expireLease();
      Claim claim = store.claim(new LeaseRequest("auditor", Duration.ofMinutes(1)));
      ((Claim.Granted) claim).session().verify();
    } finally {
      fixture.close();
    }
  }

  // ---- each kind of command ----

  @Test
  void configuration_thatIsSetAside_countsNowhere() {
    LifecycleConfig before = leader.config().value();
    LifecycleConfig other = before.toBuilder().minReplication(3).build();
    Command<?> command = new Command.Configure(Command.ANY_VERSION, other);
    setAside(command);
    assertThat(leader.config().value()).isEqualTo(before);
    assertThat(decided(command).isAccepted()).as("repeated").isTrue();
    assertThat(leader.config().value()).isEqualTo(other);
  }

  @Test
  void news_isToldAndCounted_thoughAListenerGivesACommandMeanwhile() {
    whileTold = this::heartbeat;
    setAside(new Command.Freeze(Command.ANY_VERSION));
  }

  @Test
  void wishesAndFreezesAndAnnexes_thatAreSetAside_countNowhere() {
    setAside(new Command.Freeze(Command.ANY_VERSION));
    setAside(
        new Command.Wish(
            PlacementWish.of(PlacementWish.Kind.PIN, SmallFleet.key("c1"), A),
            Command.ANY_VERSION));
    setAside(new LeaderCommand.Keep(new Annex("note", new byte[] {1})));
    assertThat(leader.stats().setAside()).isEqualTo(3);
    assertThat(leader.freeze(fleet.now()).version()).isEqualTo(1);
    setAside(new Command.Unfreeze(Command.ANY_VERSION));
    assertThat(leader.freeze(fleet.now()).version()).as("still frozen").isEqualTo(1);
  }

  @Test
  void ingestAndOffer_thatAreSetAside_countNowhere_andAreTakenWhenTheyAreRepeated() {
    Command<?> ingest =
        new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c3", 200), chunk("c4", 300))));
    setAside(ingest);
    setAside(new Command.Offer(ProposedChunk.listOf(List.of(chunk("c5", 400)))));
    fleet.settle();
    for (String chunk : List.of("c3", "c4", "c5")) {
      assertThat(leader.status(List.of(SmallFleet.key(chunk))).get(0).state()).isEmpty();
    }
    assertThat(decided(ingest).isAccepted()).isTrue();
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("c3"))).get(0).possessed()).isGreaterThan(1);
  }

  @Test
  void removal_thatIsSetAside_leavesTheChunkAndItsRange() {
    Command<?> removal = new Command.Remove(SmallFleet.key("c1"));
    setAside(removal);
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("c1"))).get(0).marked()).isFalse();
    assertThat(leader.ingest(List.of(chunk("c9", 5)), fleet.now()).items().get(0).code())
        .isEqualTo(ResultCode.OVERLAP);
    assertThat(decided(removal).code()).as("repeated").isEqualTo(ResultCode.MARKED);
    fleet.settle();
  }

  @Test
  void swap_thatIsSetAside_isNotThere() {
    Command<?> swap = swap("c1", "n1", 0);
    setAside(swap);
    assertThat(leader.status(List.of(SmallFleet.key("n1"))).get(0).state()).isEmpty();
    assertThat(decided(swap).isAccepted()).as("repeated").isTrue();
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("n1"))).get(0).routed()).isGreaterThan(1);
  }

  @Test
  void cancellation_thatIsSetAside_leavesTheSwapPending() {
    Result.SwapRegistered swap =
        (Result.SwapRegistered) leader.execute(swap("c1", "n1", 0), fleet.now());
    setAside(new Command.CancelSwap(swap.swapId()));
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("n1"))).get(0).routed()).isGreaterThan(1);
  }

  @Test
  void descriptionAndStatus_thatAreSetAside_countNowhere() {
    setAside(new Command.SetStatus(A, WorkerStatus.LEAVING));
    setAside(new Command.Describe(WorkerId.of("d"), Worker.Description.of(1L << 40, "z")));
    assertThat(SmallFleet.state(leader).workerCount()).isEqualTo(3);
    fleet.join(1L << 40, "d").settle();
    assertThat(SmallFleet.state(leader).workerCount()).isEqualTo(4);
  }

  // ---- workers ----

  @Test
  void reports_thatAreSetAside_leaveTheirWorkerOwingAnInventory() {
    var newest = leader.fleet().slice(A).orElseThrow().id();
    for (Supplier<Command<?>> report :
        List.<Supplier<Command<?>>>of(
            () -> new Command.Heartbeat(fleet.header("a")),
            () -> new Command.Applied(fleet.header("a"), newest, List.of()),
            () -> new Command.Lost(fleet.header("a"), held().subList(0, 1)),
            () -> new Command.Inventory(fleet.header("a"), held()),
            () -> new Command.InventoryPart(fleet.header("a"), 1, 2, held()))) {
      setAside(report.get());
      owesUntilItSendsOne();
    }
    fleet.settle();
  }

  @Test
  void inventory_thatWasSentBehindIt_does() {
    Command<?> lost = new Command.Lost(fleet.header("a"), held().subList(0, 1));
    spoil(lost);
    sender.append(List.of(lost, new Command.Inventory(fleet.header("a"), held())));
    cycles();
    assertSetAside(lost);
    assertThat(heartbeat()).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void registration_thatIsSetAside_leavesItsWorkerOwingAnInventory() {
    Command<?> register = new Command.Register(A, "another disk");
    setAside(register);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isTrue();
    Result.Registered again = (Result.Registered) decided(register);
    assertThat(again.incarnation().value()).as("repeated").isEqualTo(2);
    assertThat(again.inventoryWanted()).isTrue();
  }

  // ---- how it is tried ----

  @Test
  void news_thatFailsOnce_isTakenInOnAFreshMirror() {
    int[] left = {1};
    store.failing = register -> left[0]-- > 0;
    int loads = store.loads;
    sender.append(new Command.Register(A, "another disk"));
    cycles();
    assertThat(leader.quarantine(-1, 10)).isEmpty();
    assertThat(store.loads).isEqualTo(loads + 1);
    assertThat(leader.stats().setAside()).isZero();
  }

  @Test
  void news_thatFailsTwice_isSetAside() {
    store.failing = register -> true;
    Result answer = decided(new Command.Register(A, "another disk"));
    assertThat(answer.code()).isEqualTo(ResultCode.INVALID);
    assertThat(answer.reasons().toString()).contains("set aside: the command fails");
    assertThat(leader.quarantine(-1, 10)).hasSize(1);
    assertThat(leader.quarantine(-1, 10).get(0).reason()).contains("waiting has");
    assertThat(leader.stats().setAside()).isEqualTo(1);
  }

  @Test
  void news_whoseCommitIsRefused_isSetAsideAlone() {
    store.refused =
        commit ->
            commit.consumed().stream()
                .flatMap(piece -> piece.changes().stream())
                .flatMap(change -> change.chunks().stream())
                .anyMatch(row -> row.key().equals(SmallFleet.key("bad")));
    for (String id : List.of("x", "bad", "y")) {
      sender.append(
          new Command.Ingest(ProposedChunk.listOf(List.of(chunk(id, id.charAt(0) * 100L)))));
    }
    cycles();
    for (String id : List.of("x", "y")) {
      assertThat(SmallFleet.state(leader).chunkPosition(SmallFleet.key(id))).as(id).isNotNegative();
    }
    assertThat(SmallFleet.state(leader).chunkPosition(SmallFleet.key("bad"))).isNegative();
    assertThat(leader.quarantine(-1, 10))
        .singleElement()
        .satisfies(piece -> assertThat(piece.reason()).contains("a hand wrote contradicts it"));
    assertThat(leader.ingest(List.of(chunk("z", 20_000)), fleet.now()).isAccepted()).isTrue();
  }

  @Test
  void commandOfTheLeader_whoseCommitIsRefused_isRefusedAlone_andNoNewsForIt() {
    store.refused = commit -> !commit.changes().isEmpty();
    sender.append(new Command.Ingest(ProposedChunk.listOf(List.of(chunk("x", 1_000)))));
    assertThatThrownBy(() -> leader.ingest(List.of(chunk("y", 2_000)), fleet.now()))
        .isInstanceOf(StorageException.Corrupt.class);
    store.refused = commit -> false;
    assertThat(leader.ingest(List.of(chunk("z", 3_000)), fleet.now()).isAccepted()).isTrue();
    assertThat(SmallFleet.state(leader).chunkPosition(SmallFleet.key("x"))).isNotNegative();
    assertThat(SmallFleet.state(leader).chunkPosition(SmallFleet.key("y"))).isNegative();
    assertThat(leader.quarantine(-1, 10)).isEmpty();
  }

  @Test
  void cycle_whoseCommitIsAlwaysRefused_failsWithTheReason() {
    assertThat(leader.ingest(List.of(chunk("z", 3_000)), fleet.now()).isAccepted()).isTrue();
    store.refused =
        commit -> commit.changes().stream().anyMatch(change -> change.replicas().size() > 0);
    for (int times = 0; times < 2; times++) {
      assertThatThrownBy(() -> leader.schedule(fleet.now()))
          .isInstanceOf(StorageException.Corrupt.class)
          .hasMessageContaining("a hand wrote contradicts it");
    }
    store.refused = commit -> false;
    cycles();
    assertThat(leader.quarantine(-1, 10)).isEmpty();
  }

  @Test
  void news_keepsItsOrderAroundWhatIsSetAside() {
    spoil(new Command.Remove(SmallFleet.key("c1")));
    for (int at = 0; at < 5; at++) {
      sender.append(
          new Command.Ingest(ProposedChunk.listOf(List.of(chunk("x" + at, 1000 + 10L * at)))));
      if (at == 2) {
        sender.append(new Command.Remove(SmallFleet.key("c1")));
      }
    }
    cycles();
    List<Long> numbers = new ArrayList<>();
    for (int at = 0; at < 5; at++) {
      int chunk = SmallFleet.state(leader).chunkPosition(SmallFleet.key("x" + at));
      numbers.add(Objects.requireNonNull(SmallFleet.state(leader).chunkNumber(chunk)).counter());
    }
    assertThat(numbers).hasSize(5).isSorted();
    assertThat(leader.quarantine(-1, 10)).hasSize(1);
  }

  // ---- leaders ----

  @Test
  void whatWasSetAside_isStillListedAfterATakeover_andTheDigestIsTheSame() {
    setAside(new Command.Remove(SmallFleet.key("c1")));
    setAside(new Command.Lost(fleet.header("a"), held().subList(0, 1)));
    List<QuarantinedNews> listed = leader.quarantine(-1, 10);
    assertThat(listed).hasSize(2);
    long digest = SmallFleet.state(leader).digest();
    fixture.expireLease();
    Stowage next = facade(new SpoiledStore(fixture.connect()), "next");
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    assertThat(SmallFleet.state(next).digest()).isEqualTo(digest);
    assertThat(next.quarantine(-1, 10)).isEqualTo(listed);
    assertThat(next.quarantine(listed.get(0).mark(), 10)).containsExactly(listed.get(1));
    assertThat(next.quarantine(-1, 1)).containsExactly(listed.get(0));
    assertThat(next.stats().setAside()).as("by this process").isZero();
    fleet.through(next);
    next.execute(new Command.Inventory(fleet.header("a"), held()), fleet.now());
    fleet.settle();
  }

  @Test
  void nextLeader_setsAsideWhatTheOneBeforeItHadNotMet() {
    Command<?> removal = new Command.Remove(SmallFleet.key("c1"));
    sender.append(removal);
    fixture.expireLease();
    SpoiledStore mine = new SpoiledStore(fixture.connect());
    mine.unreadable = removal::equals;
    Stowage next = facade(mine, "next");
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    fleet.through(next).settle();
    assertThat(next.quarantine(-1, 10)).hasSize(1);
    assertThat(next.status(List.of(SmallFleet.key("c1"))).get(0).marked()).isFalse();
  }

  @Test
  void evidence_namesTheDigest_andReplays() {
    Command<?> removal = new Command.Remove(SmallFleet.key("c1"));
    setAside(new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c3", 200)))));
    setAside(new Command.Register(A, "another disk"));
    setAside(removal);
    assertThat(
            Replayer.run(
                Evidence.of(leader).header(),
                store.evidence(0, Integer.MAX_VALUE),
                EngineReplay.with(PlacementPlanner.sticky())))
        .isInstanceOf(Replayer.ReplayResult.Same.class);
    Hash256 digest = Hash256.of(CommandCodec.toBytes(removal));
    List<Command<?>> recorded = new ArrayList<>();
    for (EvidenceRecord record : store.evidence(0, 10_000)) {
      EngineReplay.commandIn(record).ifPresent(recorded::add);
    }
    assertThat(recorded)
        .filteredOn(
            command -> command instanceof LeaderCommand.SetAside it && it.digest().equals(digest))
        .hasSize(1);
    assertThat(recorded).isNotEmpty().doesNotContain(removal);
  }

  // ---- what the tests are made of ----

  private Stowage facade(SpoiledStore over, String holder) {
    return Stowage.builder(over)
        .config(SmallFleet.config().withHolder(holder))
        .listener(
            new StowageListener() {
              @Override
              public void quarantined(QuarantinedNews news) {
                heard.add(news);
              }

              @Override
              public void executed(Tick tick, Command<?> command, Result result) {
                if (command instanceof LeaderCommand.SetAside) {
                  whileTold.run();
                }
              }
            })
        .build();
  }

  private static Chunk chunk(String id, long first) {
    return SmallFleet.chunk(id, first);
  }

  private static Command<?> swap(String old, String fresh, long first) {
    return new Command.RegisterSwap(
        SmallFleet.dataset(),
        List.of(SmallFleet.key(old)),
        ProposedChunk.listOf(List.of(chunk(fresh, first))),
        Coverage.SAME);
  }

  private List<ChunkNumber> held() {
    return List.copyOf(fleet.disk("a"));
  }

  private void spoil(Command<?> command) {
    store.unreadable = command::equals;
  }

  /** Appends a command that arrives spoiled, and lets a cycle meet it. */
  private void setAside(Command<?> command) {
    spoil(command);
    assertThat(decided(command))
        .isEqualTo(new Result.Answer(ResultCode.INVALID, List.of("set aside: it is spoiled")));
    assertSetAside(command);
    store.unreadable = other -> false;
  }

  /** Returns the answer to a command that is appended, after the next cycles. */
  private Result decided(Command<?> command) {
    CommandId id = sender.append(command);
    cycles();
    return sender.answer(id).orElseThrow();
  }

  private void assertSetAside(Command<?> command) {
    List<QuarantinedNews> listed = leader.quarantine(-1, 100);
    QuarantinedNews last = listed.get(listed.size() - 1);
    assertThat(last.kind()).contains(CommandKind.kindOf(command).toString());
    assertThat(last.worker()).isEqualTo(CommandKind.kindOf(command).worker(command));
    assertThat(last.digest()).isEqualTo(Hash256.of(CommandCodec.toBytes(command)).toString());
    assertThat(last.bytes()).isEqualTo(CommandCodec.toBytes(command).length);
    assertThat(last.reason()).contains("spoiled");
    assertThat(heard).hasSameSizeAs(listed);
    assertThat(heard.get(heard.size() - 1).mark()).isEqualTo(last.mark());
    assertThat(leader.stats().setAside()).isEqualTo(listed.size());
  }

  private void cycles() {
    fleet.pass(1);
    leader.schedule(fleet.now());
    leader.publish(fleet.now());
  }

  private ResultCode heartbeat() {
    return leader.execute(new Command.Heartbeat(fleet.header("a")), fleet.now()).code();
  }

  private void owesUntilItSendsOne() {
    cycles();
    assertThat(heartbeat()).isEqualTo(ResultCode.INVENTORY_WANTED);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isTrue();
    Command<?> inventory = new Command.Inventory(fleet.header("a"), held());
    assertThat(leader.execute(inventory, fleet.now()).code()).isEqualTo(ResultCode.ACCEPTED);
    cycles();
    assertThat(heartbeat()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isFalse();
  }
}
