package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.EngineReplay;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
  private StoreFixture fixture;
  private SpoiledStore store;
  private Stowage leader;
  private Stowage writer;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = new SpoiledStore(fixture.connect());
    leader = facade(store, "first");
    writer = facade(new SpoiledStore(fixture.connect()), "writer");
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
    LifecycleConfig before = leader.snapshot().config();
    LifecycleConfig other = before.toBuilder().minReplication(3).build();
    Command<?> command = new Command.Configure(Command.ANY_VERSION, other);
    setAside(command);
    assertThat(leader.snapshot().config()).isEqualTo(before);
    assertThat(writer.execute(command, fleet.now()).isAccepted()).as("repeated").isTrue();
    cycles();
    assertThat(leader.snapshot().config()).isEqualTo(other);
  }

  @Test
  void wishesAndFreezesAndAnnexes_thatAreSetAside_countNowhere() {
    setAside(new Command.Freeze(Command.ANY_VERSION));
    setAside(
        new Command.Wish(
            PlacementWish.of(PlacementWish.Kind.PIN, SmallFleet.key("c1"), A),
            Command.ANY_VERSION));
    setAside(new Command.Keep(new Annex("note", new byte[] {1})));
    assertThat(leader.stats().setAside()).isEqualTo(3);
    assertThat(writer.freeze(fleet.now()).version()).isEqualTo(1);
    setAside(new Command.Unfreeze(Command.ANY_VERSION));
    assertThat(writer.freeze(fleet.now()).version()).as("still frozen").isEqualTo(1);
  }

  @Test
  void ingest_thatIsSetAside_staysAccepted() {
    setAside(new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c3", 200), chunk("c4", 300)))));
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("c3"))).get(0).possessed()).isGreaterThan(1);
    assertThat(writer.ingest(List.of(chunk("c3", 200)), fleet.now()).items().get(0).code())
        .isEqualTo(ResultCode.DUPLICATE);
  }

  @Test
  void offer_thatIsSetAside_isAdmittedAllTheSame() {
    setAside(new Command.Offer(ProposedChunk.listOf(List.of(chunk("c3", 200)))));
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("c3"))).get(0).possessed()).isGreaterThan(1);
  }

  @Test
  void removal_thatIsSetAside_leavesTheChunkAndItsRange() {
    Command<?> removal = new Command.Remove(SmallFleet.key("c1"));
    spoil(removal);
    assertThat(writer.execute(removal, fleet.now()).code()).isEqualTo(ResultCode.MARKED);
    assertThat(writer.ingest(List.of(chunk("c9", 5)), fleet.now()).items().get(0).code())
        .as("no range is given up until a cycle has taken it in")
        .isEqualTo(ResultCode.OVERLAP);
    cycles();
    assertSetAside(removal);
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("c1"))).get(0).marked()).isFalse();
    store.unreadable = command -> false;
    assertThat(writer.execute(removal, fleet.now()).code()).isEqualTo(ResultCode.MARKED);
    cycles();
    assertThat(leader.status(List.of(SmallFleet.key("c1"))).get(0).marked()).isTrue();
    assertThat(writer.ingest(List.of(chunk("c9", 5)), fleet.now()).items().get(0).code())
        .as("taken in")
        .isEqualTo(ResultCode.ACCEPTED);
    fleet.settle();
  }

  @Test
  void removalThatNobodyHasTakenIn_isShownToNobody() {
    assertThat(writer.remove(SmallFleet.key("c1"), fleet.now()).code())
        .isEqualTo(ResultCode.MARKED);
    assertThat(shown("c1").marked()).isFalse();
    assertThat(head().coveredTo()).as("the range of c1").hasValue(9);
    cycles();
    assertThat(shown("c1").marked()).isTrue();
    assertThat(head().coveredTo()).as("the range of c2").hasValue(109);
    writer.ingest(List.of(chunk("c3", 200)), fleet.now());
    writer.remove(SmallFleet.key("c3"), fleet.now());
    assertThat(shown("c3").state()).contains(ChunkState.ADMITTED);
    assertThat(shown("c3").marked()).isFalse();
    assertThat(head().last()).hasValue(209);
    cycles();
    assertThat(head().last()).hasValue(109);
    fleet.settle();
  }

  @Test
  void newChunksOfASwapThatNobodyHasTakenIn_areShownToNobody() {
    Command<?> swap =
        new Command.RegisterSwap(
            SmallFleet.dataset(),
            List.of(SmallFleet.key("c1")),
            ProposedChunk.listOf(List.of(chunk("n1", 0), chunk("n2", 10))),
            Coverage.CHANGE);
    Result.SwapRegistered registered = (Result.SwapRegistered) writer.execute(swap, fleet.now());
    assertThat(registered.isAccepted()).isTrue();
    writer.ingest(List.of(chunk("c3", 200)), fleet.now());
    assertThat(shown("n1").state()).isEmpty();
    assertThat(shown("c3").state()).as("an ingest counts at once").contains(ChunkState.ADMITTED);
    assertThat(head().coveredTo()).hasValue(9);
    assertThat(head().last()).hasValue(209);
    cycles();
    assertThat(shown("n1").state()).isPresent();
    assertThat(head().coveredTo()).hasValue(19);
    fleet.settle();
  }

  @Test
  void cancellationThatNobodyHasTakenIn_isShownToNobody() {
    Result.SwapRegistered swap =
        (Result.SwapRegistered) leader.execute(swap("c1", "n1", 0), fleet.now());
    writer.execute(new Command.CancelSwap(swap.swapId()), fleet.now());
    assertThat(shown("n1").state()).contains(ChunkState.ADMITTED);
    assertThat(shown("n1").marked()).isFalse();
    cycles();
    assertThat(shown("n1").marked() || shown("n1").state().isEmpty()).isTrue();
    fleet.settle();
  }

  private ChunkStatus shown(String chunk) {
    return writer.status(List.of(SmallFleet.key(chunk))).get(0);
  }

  private Head head() {
    return writer.head(SmallFleet.dataset());
  }

  @Test
  void partOfABatch_inARangeThatIsKept_isRefusedAlone() {
    assertThat(writer.remove(SmallFleet.key("c1"), fleet.now()).code())
        .isEqualTo(ResultCode.MARKED);
    Result.Batch batch = writer.ingest(List.of(chunk("x", 5), chunk("y", 500)), fleet.now());
    assertThat(batch.items())
        .extracting(Result.Item::code)
        .containsExactly(ResultCode.OVERLAP, ResultCode.ACCEPTED);
    fleet.settle();
    assertThat(leader.status(List.of(SmallFleet.key("x"))).get(0).state()).isEmpty();
    assertThat(leader.status(List.of(SmallFleet.key("y"))).get(0).possessed()).isGreaterThan(1);
  }

  @Test
  void swap_thatIsSetAside_isNotThere_andItsNumberIsNotGivenAgain() {
    Command<?> swap = swap("c1", "n1", 0);
    spoil(swap);
    assertThat(writer.execute(swap, fleet.now()).isAccepted()).isTrue();
    Result.SwapRegistered second =
        (Result.SwapRegistered) writer.execute(swap("c2", "n2", 100), fleet.now());
    cycles();
    assertSetAside(swap);
    assertThat(leader.status(List.of(SmallFleet.key("n1"))).get(0).state()).isEmpty();
    assertThat(writer.execute(new Command.CancelSwap(second.swapId()), fleet.now()).code())
        .as("the one behind it has the number that was told")
        .isEqualTo(ResultCode.CANCELLED);
    store.unreadable = command -> false;
    assertThat(writer.execute(swap, fleet.now()).isAccepted()).as("repeated").isTrue();
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
    Command<?> described =
        new Command.Describe(WorkerId.of("d"), Worker.Description.of(1L << 40, "z"));
    spoil(described);
    assertThat(writer.execute(described, fleet.now()).isAccepted()).isTrue();
    Command<?> rests = new Command.Register(WorkerId.of("d"), "disk of d");
    assertThat(writer.execute(rests, fleet.now()).isAccepted()).isTrue();
    cycles();
    assertThat(leader.quarantine(-1, 10))
        .extracting(QuarantinedNews::kind)
        .as("what rests on it cannot be taken in either")
        .containsExactly(
            Optional.of(CommandKind.SET_STATUS),
            Optional.of(CommandKind.DESCRIBE),
            Optional.of(CommandKind.REGISTER));
    assertThat(leader.snapshot().workerCount()).isEqualTo(3);
    store.unreadable = command -> false;
    fleet.join(1L << 40, "d").settle();
    assertThat(leader.snapshot().workerCount()).isEqualTo(4);
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
  void inventory_thatWasAcceptedBehindIt_does() {
    Command<?> lost = new Command.Lost(fleet.header("a"), held().subList(0, 1));
    spoil(lost);
    assertThat(writer.execute(lost, fleet.now()).isAccepted()).isTrue();
    Command<?> inventory = new Command.Inventory(fleet.header("a"), held());
    assertThat(writer.execute(inventory, fleet.now()).isAccepted()).isTrue();
    cycles();
    assertSetAside(lost);
    assertThat(heartbeat()).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void registration_thatIsSetAside_countsAllTheSame() {
    Command<?> register = new Command.Register(A, "another disk");
    setAside(register);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isTrue();
    Result.Registered again = (Result.Registered) writer.execute(register, fleet.now());
    assertThat(again.incarnation().value()).as("the life that was told before").isEqualTo(2);
    assertThat(again.inventoryWanted()).isTrue();
  }

  // ---- how it is tried ----

  @Test
  void news_thatFailsOnce_isTakenInOnAFreshMirror() {
    int[] left = {1};
    store.unrecordable = register -> left[0]-- > 0;
    int loads = store.loads;
    assertThat(writer.register(A, "another disk", fleet.now()).isAccepted()).isTrue();
    cycles();
    assertThat(leader.quarantine(-1, 10)).isEmpty();
    assertThat(store.loads).isEqualTo(loads + 1);
    assertThat(leader.stats().setAside()).isZero();
  }

  @Test
  void news_thatFailsTwice_isSetAside() {
    store.unrecordable = register -> true;
    assertThat(writer.register(A, "another disk", fleet.now()).isAccepted()).isTrue();
    cycles();
    assertThat(leader.quarantine(-1, 10)).hasSize(1);
    assertThat(leader.quarantine(-1, 10).get(0).reason()).contains("surrogate");
    assertThat(leader.stats().setAside()).isEqualTo(1);
  }

  @Test
  void news_keepsItsOrderAroundWhatIsSetAside() {
    spoil(new Command.Remove(SmallFleet.key("c1")));
    for (int at = 0; at < 5; at++) {
      writer.ingest(List.of(chunk("x" + at, 1000 + 10L * at)), fleet.now());
      if (at == 2) {
        writer.remove(SmallFleet.key("c1"), fleet.now());
      }
    }
    cycles();
    List<Long> numbers = new ArrayList<>();
    for (int at = 0; at < 5; at++) {
      int chunk = leader.snapshot().chunkPosition(SmallFleet.key("x" + at));
      numbers.add(Objects.requireNonNull(leader.snapshot().chunkNumber(chunk)).counter());
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
    long digest = leader.snapshot().digest();
    fixture.expireLease();
    Stowage next = facade(new SpoiledStore(fixture.connect()), "next");
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    assertThat(next.snapshot().digest()).isEqualTo(digest);
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
    assertThat(writer.execute(removal, fleet.now()).isAccepted()).isTrue();
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
                leader.evidence().header(),
                store.evidence(0, Integer.MAX_VALUE),
                EngineReplay.with(PlacementPlanner.sticky())))
        .isInstanceOf(Replayer.ReplayResult.Same.class);
    Hash256 digest = Hash256.of(CommandCodec.toBytes(removal));
    List<Command<?>> recorded = new ArrayList<>();
    for (EvidenceRecord record : store.evidence(0, 10_000)) {
      EngineReplay.commandIn(record).ifPresent(recorded::add);
    }
    assertThat(recorded)
        .filteredOn(command -> command instanceof Command.SetAside it && it.digest().equals(digest))
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

  /** Gives a command at the inbox that arrives spoiled, and lets a cycle meet it. */
  private void setAside(Command<?> command) {
    spoil(command);
    assertThat(writer.execute(command, fleet.now()).isAccepted()).isTrue();
    cycles();
    assertSetAside(command);
    store.unreadable = other -> false;
  }

  private void assertSetAside(Command<?> command) {
    List<QuarantinedNews> listed = leader.quarantine(-1, 100);
    QuarantinedNews last = listed.get(listed.size() - 1);
    assertThat(last.kind()).contains(command.kind());
    assertThat(last.worker()).isEqualTo(command.kind().worker(command));
    assertThat(last.digest()).isEqualTo(Hash256.of(CommandCodec.toBytes(command)));
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
    return writer.execute(new Command.Heartbeat(fleet.header("a")), fleet.now()).code();
  }

  private void owesUntilItSendsOne() {
    cycles();
    assertThat(heartbeat()).isEqualTo(ResultCode.INVENTORY_WANTED);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isTrue();
    Command<?> inventory = new Command.Inventory(fleet.header("a"), held());
    assertThat(writer.execute(inventory, fleet.now()).code()).isEqualTo(ResultCode.ACCEPTED);
    cycles();
    assertThat(heartbeat()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(leader.fleet().slice(A).orElseThrow().isInventoryWanted()).isFalse();
  }
}
