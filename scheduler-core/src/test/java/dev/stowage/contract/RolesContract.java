package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageStats;
import dev.stowage.Transfers;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Question;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentScheduler;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A facade that has just lost the lease, and one that was closed. A backend extends this class,
 * says how its store is opened, and changes nothing else.
 */
public abstract class RolesContract {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private FleetStore store;
  private FaultyStore faulty;
  private Stowage stowage;
  private Stowage other;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = fixture.connect();
    faulty = new FaultyStore(fixture.connect());
    stowage =
        audit.watch(
            Stowage.builder(faulty)
                .config(SmallFleet.config().withHolder("first"))
                .with(RebalanceConfig.defaults())
                .build());
    other = audit.watch(SmallFleet.facade(store, "second"));
    fleet = new SmallFleet(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  // ---- just deposed ----

  private void depose() {
    fixture.expireLease();
    assertThat(other.claim(fleet.now()).granted()).isTrue();
  }

  @Test
  void command_throughAJustDeposedLeader_goesToTheInbox() {
    List<Command<?>> commands =
        CommandSamples.small(fleet.header("b")).stream()
            .filter(command -> !CommandKind.kindOf(command).isLeadersOwn())
            .toList();
    Stowage deposed = stowage;
    Stowage leads = other;
    for (Command<?> command : commands) {
      fixture.expireLease();
      assertThat(leads.claim(fleet.now()).granted()).isTrue();
      assertThat(deposed.isLeading()).as("does not know yet").isTrue();
      assertThat(deposed.execute(command, fleet.now())).as("%s", command).isNotNull();
      assertThat(deposed.isLeading()).isFalse();
      Stowage next = deposed;
      deposed = leads;
      leads = next;
    }
    deposed.schedule(fleet.now());
    assertThat(store.ask(Questions.status(chunks(commands, CommandKind.INGEST))))
        .allSatisfy(chunk -> assertThat(chunk.state()).contains(ChunkState.ADMITTED));
    assertThat(deposed.status(chunks(commands, CommandKind.OFFER)).get(0).state())
        .as("the offer, admitted by a cycle of who leads")
        .contains(ChunkState.ADMITTED);
    assertThat(stowage.stats().fenced() + other.stats().fenced()).isEqualTo(commands.size());
  }

  private static List<ChunkKey> chunks(List<Command<?>> commands, CommandKind<?, ?> kind) {
    return commands.stream()
        .filter(command -> CommandKind.kindOf(command) == kind)
        .flatMap(command -> kind.chunks(command).stream())
        .toList();
  }

  @Test
  void cycle_throughAJustDeposedLeader_isFenced() {
    depose();
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class);
    assertThat(stowage.isLeading()).isFalse();
  }

  @Test
  void resignation_ofAJustDeposedLeader_leavesTheLeaseToTheOther() {
    depose();
    stowage.resign();
    assertThat(stowage.isLeading()).isFalse();
    other.schedule(fleet.now());
    assertThat(other.isLeading()).isTrue();
  }

  @Test
  void commit_ofUnknownOutcome_isNotGivenToTheInbox_andItsRepetitionIs() {
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    assertThatThrownBy(() -> stowage.ingest(List.of(chunk("c2", 10)), fleet.now()))
        .isInstanceOf(StorageException.Transient.class);
    depose();
    assertThat(stowage.ingest(List.of(chunk("c2", 10)), fleet.now()).code())
        .isEqualTo(ResultCode.REQUESTED);
    assertThat(stowage.isLeading()).isFalse();
    other.schedule(fleet.now());
    assertThat(other.stats().chunks()).isEqualTo(2);
  }

  @Test
  void readings_throughAJustDeposedLeader_areTheStores() {
    makeStale();
    depose();
    assertThat(stowage.status(List.of(key("c1"), key("c2"))))
        .extracting(status -> status.state().orElseThrow())
        .containsExactly(ChunkState.ADMITTED, ChunkState.ADMITTED);
    assertThat(stowage.isLeading()).isFalse();
    assertThat(stowage.fleet().ids()).isEqualTo(other.fleet().ids());
  }

  @Test
  void head_throughAJustDeposedLeader_isTheStores() {
    makeStale();
    depose();
    assertThat(stowage.ask(Questions.head(dataset())).coveredTo()).hasValue(19);
    assertThat(stowage.isLeading()).isFalse();
  }

  @Test
  void stats_throughAJustDeposedLeader_areThoseOfAFollower() {
    makeStale();
    depose();
    assertThat(stowage.stats().leading()).isFalse();
    assertThat(stowage.stats().fenced()).isEqualTo(1);
  }

  /** Zeros would look like an empty fleet. */
  @Test
  void stats_ofAFollower_sayThatItDoesNotKnowTheFleet() {
    StowageStats led = stowage.stats();
    assertThat(led.workers()).isEqualTo(2);
    assertThat(led.chunks()).isEqualTo(1);
    StowageStats followed = other.stats();
    assertThat(followed.leading()).isFalse();
    assertThat(
            List.of(followed.chunks(), followed.replicas(), followed.workers(), followed.guarded()))
        .containsOnly(StowageStats.NOT_KNOWN);
    assertThat(
            List.of(
                followed.waitingChunks(),
                followed.backwardTicks(),
                followed.behindTicks(),
                followed.digest()))
        .containsOnly((long) StowageStats.NOT_KNOWN);
    depose();
    makeFollow();
    assertThat(stowage.stats().workers()).isEqualTo(StowageStats.NOT_KNOWN);
    assertThat(stowage.stats().commands()).as("what it did itself").isEqualTo(led.commands());
  }

  private void makeFollow() {
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class);
  }

  @Test
  void commandOfTheLeaderAlone_throughAFollower_saysWhoLeads() {
    for (ThrowingCallable asked :
        List.<ThrowingCallable>of(
            () -> other.resetTime(fleet.now()),
            () -> other.observe(PressureSnapshot.NONE, fleet.now()),
            () -> other.confirmDepartures(List.of(WorkerId.of("a")), fleet.now()),
            () -> other.schedule(fleet.now()),
            other::renew)) {
      assertThatThrownBy(asked)
          .isInstanceOf(StowageException.class)
          .hasMessageContaining("does not lead; first holds the lease, in epoch 1, until")
          .hasMessageContaining("call the process of that name")
          .hasMessageNotContaining("claim");
    }
    stowage.resign();
    assertThatThrownBy(() -> other.resetTime(fleet.now()))
        .hasMessage("this process does not lead; nobody holds the lease, so claim it first");
  }

  @Test
  void leaderThatIsDeposedUnderItsOwnName_isToldThatAnotherUsesIt() {
    Stowage twin = audit.watch(SmallFleet.facade(store, "first"));
    assertThat(twin.claim(fleet.now()).granted()).isTrue();
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class)
        .hasMessageContaining("first held epoch 1; now first holds 2")
        .hasMessageContaining("another process uses this name too")
        .hasMessageContaining("withHolder");
    twin.resign();
    stowage.claim(fleet.now());
    depose();
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .hasMessageContaining("now second holds 4")
        .hasMessageNotContaining("another process");
  }

  /** The next reading of the mirror loads it anew, and so meets the lease of another. */
  private void makeStale() {
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    assertThatThrownBy(() -> stowage.ingest(List.of(chunk("c2", 10)), fleet.now()))
        .isInstanceOf(StorageException.Transient.class);
  }

  // ---- closed ----

  /** The permitted calls on a closed facade: constant answers, and a further close. */
  private static final Set<String> HARMLESS =
      new TreeSet<>(
          List.of(
              "close",
              "holder",
              "isLeading",
              "lastHostFailure",
              "leaseDuration",
              "now",
              "send",
              "takesSubmissions",
              "time"));

  private Map<Class<?>, Object> samples() {
    Map<Class<?>, Object> samples = new LinkedHashMap<>();
    samples.put(long.class, fleet.now());
    samples.put(int.class, 1);
    samples.put(String.class, "some text");
    samples.put(Runnable.class, (Runnable) () -> {});
    samples.put(List.class, List.of());
    samples.put(Duration.class, Duration.ofMinutes(1));
    samples.put(ChunkKey.class, key("c1"));
    samples.put(Chunk.class, chunk("c1", 0));
    samples.put(DatasetId.class, dataset());
    samples.put(WorkerId.class, WorkerId.of("a"));
    samples.put(Worker.class, Worker.of(WorkerId.of("a"), 1_000));
    samples.put(WorkerStatus.class, WorkerStatus.ACTIVE);
    samples.put(PressureSnapshot.class, PressureSnapshot.NONE);
    samples.put(WorkerAssignmentId.class, WorkerAssignmentId.of(0));
    samples.put(
        ReportHeader.class,
        new ReportHeader(WorkerId.of("a"), Incarnation.of(1), Lineage.of(1), 1));
    samples.put(LifecycleConfig.class, SmallFleet.config().fleet());
    samples.put(
        PlacementWish.class, PlacementWish.of(PlacementWish.Kind.PIN, key("c1"), WorkerId.of("a")));
    samples.put(Command.class, new Command.Remove(key("c1")));
    samples.put(CommandId.class, new CommandId(1, 1));
    samples.put(Question.class, Questions.head(dataset()));
    samples.put(
        Command.RegisterSwap.class,
        new Command.RegisterSwap(dataset(), List.of(key("c1")), List.of(), Coverage.SAME));
    samples.put(Subject.class, Subject.chunk(key("c1")));
    samples.put(ContentQueue.class, contents());
    samples.put(Transfers.PathCost.class, (Transfers.PathCost) (worker, bytes) -> 1);
    samples.put(Transfers.Listener.class, new Transfers.Listener() {});
    samples.put(Transfers.Outcome.class, Transfers.Outcome.ARRIVED);
    samples.put(PropagationConfig.class, PropagationConfig.DEFAULT);
    return samples;
  }

  private static ContentScheduler contents() {
    return ContentScheduler.of(ContentConfig.DEFAULT);
  }

  @Test
  void everyMethod_ofAClosedFacade_saysClosed() {
    stowage.close();
    assertAllClosed(Stowage.class, stowage);
    stowage.close();
    assertThat(stowage.isLeading()).isFalse();
  }

  @Test
  void everyMethod_ofAFacadeThatWasClosedAsAFollower_saysClosed() {
    other.close();
    assertAllClosed(Stowage.class, other);
  }

  @Test
  void everyMethod_ofTheRebalancingOfAClosedFacade_saysClosed() {
    Rebalancing rebalancing = Rebalancing.of(stowage);
    stowage.close();
    assertAllClosed(Rebalancing.class, rebalancing);
  }

  @Test
  void everyMethod_ofTheTransfersOfAClosedFacade_saysClosed() {
    Transfers transfers = Transfers.of(stowage, contents(), (worker, bytes) -> 1);
    stowage.close();
    assertAllClosed(Transfers.class, transfers);
  }

  private void assertAllClosed(Class<?> type, Object closed) {
    Map<Class<?>, Object> samples = samples();
    List<String> open = new ArrayList<>();
    int asked = 0;
    for (Method method : type.getDeclaredMethods()) {
      boolean isAsked =
          Modifier.isPublic(method.getModifiers())
              && !Modifier.isStatic(method.getModifiers())
              && !method.isSynthetic()
              && !HARMLESS.contains(method.getName());
      if (isAsked) {
        asked++;
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          Class<?> wanted = method.getParameterTypes()[i];
          arguments[i] = Objects.requireNonNull(samples.get(wanted), "no sample of " + wanted);
        }
        if (!saysClosed(method, closed, arguments)) {
          open.add(method.toString());
        }
      }
    }
    assertThat(open).as("methods that do not say that the facade is closed").isEmpty();
    assertThat(asked).isPositive();
  }

  private static boolean saysClosed(Method method, Object closed, Object[] arguments) {
    try {
      method.invoke(closed, arguments);
      return false;
    } catch (InvocationTargetException e) {
      return e.getCause() instanceof StowageException said
          && said.reason() == StowageException.Reason.CLOSED;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
