package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.audit.AuditFinding;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Services on a backend: what they survive, and how two of them share a store. A backend extends
 * this class, says how its store is opened, and changes nothing else.
 */
public abstract class ServiceContract extends OpenedStore {
  private static final long SECOND = 1_000_000_000L;

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);

  @AfterEach
  void stopTurns() {
    executor.shutdownNow();
  }

  private StowageService service(Stowage facade) {
    return new StowageService(facade, executor, this::now, Pace.DEFAULT);
  }

  private long now() {
    trap.at("clock");
    return clock.get();
  }

  // ---- what a service survives ----

  private final Trap trap = new Trap();

  /** Host code that fails once, where and how it is told to. */
  private static final class Trap implements StowageListener, PlacementPlanner {
    private String seam = "";
    private @Nullable Throwable failure;

    void set(String at, Throwable with) {
      seam = at;
      failure = with;
    }

    boolean isSprung() {
      return failure == null;
    }

    void at(String here) {
      Throwable now = failure;
      if (now != null && seam.equals(here)) {
        failure = null;
        Trap.<RuntimeException>raise(now);
      }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable failure) throws T {
      throw (T) failure;
    }

    @Override
    public void executed(Tick tick, Command<?> command, Result result) {
      at("listener");
    }

    @Override
    public PlacementPlan plan(PlacementInput input) {
      at("planner");
      return PlacementPlanner.sticky().plan(input);
    }
  }

  private static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("not today"),
        new NullPointerException(),
        new StackOverflowError(),
        new NoClassDefFoundError("host.Missing"),
        new AssertionError("of the host"),
        new OutOfMemoryError("made up"));
  }

  @Test
  void service_survivesWhateverHostCodeThrows_andCountsIt() {
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config())
                .listener(trap)
                .with(trap)
                .commitClock(() -> {
                  trap.at("commit clock");
                  return 0;
                })
                .build());
    StowageService service =
        service(stowage)
            .observing(now -> {
              trap.at("samples");
              return PressureSnapshot.NONE;
            });
    assertThat(service.turn()).isTrue();
    SmallFleet fleet = new SmallFleet(stowage).join(100_000, "a", "b");
    int tries = 0;
    int failed = 0;
    for (String seam : List.of("clock", "samples", "planner", "commit clock")) {
      for (Throwable failure : failures()) {
        fleet.ingest(chunk("c" + tries, 10L * tries));
        tries++;
        trap.set(seam, failure);
        assertThat(service.turn()).as("%s in %s", failure, seam).isFalse();
        assertThat(trap.isSprung()).isTrue();
        failed++;
        assertThat(service.status().failedTurns()).isEqualTo(failed);
        assertThat(service.status().lastFailure()).containsSame(failure);
        assertThat(service.turn()).as("the next turn after %s in %s", failure, seam).isTrue();
      }
    }
    for (Throwable failure : failures()) {
      fleet.ingest(chunk("c" + tries, 10L * tries));
      tries++;
      trap.set("listener", failure);
      assertThat(service.turn()).as("what is durable is done, whatever hears of it").isTrue();
      assertThat(trap.isSprung()).isTrue();
      assertThat(stowage.lastHostFailure()).containsSame(failure);
      assertThat(service.status().failedTurns()).isEqualTo(failed);
    }
    assertThat(stowage.stats().hostFailures()).isEqualTo(failures().size());
    fleet.pass(1).settle();
    assertThat(stowage.fleet().portalAssignment().visible(dataset())).hasSize(tries);
    long digest = stowage.stats().digest();
    stowage.resign();
    Stowage next = audit.watch(SmallFleet.facade(fixture.connect(), "next"));
    next.claim(fleet.now());
    assertThat(next.stats().digest()).as("the mirror is what the store has").isEqualTo(digest);
  }

  // ---- two services ----

  @Test
  void standby_ofTheSameSettings_takesOverWhenTheLeaseExpires_andTheFormerLeaderStandsBy() {
    StowageService leader = service(audit.watch(Stowage.builder(store).build()));
    StowageService standby = service(audit.watch(Stowage.builder(fixture.connect()).build()));
    leader.turn();
    standby.turn();
    fixture.expireLease();
    assertThat(standby.turn()).isTrue();
    assertThat(leader.turn()).as("fenced").isFalse();
    assertThat(leader.status().lastFailure()).containsInstanceOf(StorageException.Fenced.class);
    assertThat(leader.turn()).as("stands by").isFalse();
    assertThat(leader.status().failedTurns()).isEqualTo(1);
    assertThat(standby.turn()).as("undisturbed").isTrue();
    assertThat(standby.status().failedTurns()).isZero();
  }

  @Test
  void codeOfTheReadme_inTwoProcesses_oneLeads_theOtherIsTold() {
    Stowage first = audit.watch(Stowage.builder(store).build());
    StowageConfig unanswered = StowageConfig.defaults().withAnswersWithin(Duration.ZERO);
    Stowage second = audit.watch(Stowage.builder(fixture.connect()).config(unanswered).build());
    assertThat(first.claim(0).granted()).isTrue();
    assertThat(second.claim(0).granted()).isFalse();
    for (Stowage each : List.of(first, second)) {
      for (String name : List.of("mirror-1", "mirror-2", "mirror-3")) {
        WorkerId worker = WorkerId.of(name);
        each.describe(Worker.of(worker, 1L << 30), 0);
        each.register(worker, "the id on the disk of " + name, 0);
      }
      Chunk chunk = Chunk.of(ChunkKey.of("logs", "2026-11-20"), BlockRange.of(0, 99), 1 << 20);
      each.ingest(List.of(chunk), 0);
    }
    assertThat(first.schedule(0).minted()).isPresent();
    assertThatThrownBy(() -> second.schedule(0))
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.NOT_LEADING));
    first.publish(0);
    assertThat(first.isLeading()).isTrue();
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(1);
    assertThat(second.ask(Questions.head(DatasetId.of("logs"))).coveredTo()).hasValue(99);
  }

  // ---- a leader that comes to nothing ----

  /** Returns the turns that fail or do nothing, in a row, until the leader leads no more. */
  private static long turnsUntilItYields(StowageService service, Stowage stowage) {
    long turns = 0;
    while (stowage.isLeading()) {
      assertThat(service.turn()).isFalse();
      turns++;
      assertThat(turns).as("turns that came to nothing").isLessThan(1_000);
    }
    return turns;
  }

  @Test
  void leaderWithAWrongClock_letsAnotherServiceLead() {
    StowageConfig config = StowageConfig.defaults();
    Stowage first = audit.watch(Stowage.builder(store).config(config).build());
    Stowage second = audit.watch(Stowage.builder(fixture.connect()).config(config).build());
    AtomicLong wrong = new AtomicLong(SECOND);
    StowageService leader = new StowageService(first, executor, wrong::get, Pace.DEFAULT);
    StowageService standby = service(second);
    assertThat(leader.turn()).isTrue();
    wrong.set(Long.MAX_VALUE);

    assertThat(turnsUntilItYields(leader, first))
        .isEqualTo(config.lease().duration().toSeconds() * 3 + 1);
    assertThat(leader.status().state()).isEqualTo(State.DEGRADED);
    assertThat(leader.reason()).contains("gave the lease back").contains("TIME_JUMP");
    clock.addAndGet(SECOND);
    assertThat(standby.turn()).isTrue();
    for (int i = 0; i < config.lease().duration().toSeconds() + 1; i++) {
      assertThat(leader.turn()).isFalse();
    }
    assertThat(leader.state()).isEqualTo(State.STANDBY);
    assertThat(standby.turn()).as("undisturbed").isTrue();
  }

  @Test
  void leaderWhosePlannerAlwaysThrows_aloneInTheFleet_triesAgainAfterAWhile() {
    PlacementPlanner broken =
        input -> {
          throw new IllegalStateException("no plan today");
        };
    StowageConfig config = SmallFleet.config();
    Stowage stowage = audit.watch(Stowage.builder(store).config(config).with(broken).build());
    StowageService service = service(stowage);
    assertThat(service.turn()).isFalse();
    long turns = turnsUntilItYields(service, stowage);
    assertThat(turns).isEqualTo(config.lease().duration().toSeconds() * 3);
    long failed = service.status().failedTurns();
    long aside = config.lease().duration().toSeconds() / 3 + 1;
    for (int i = 0; i < aside; i++) {
      assertThat(service.turn()).isFalse();
      assertThat(stowage.isLeading()).as("it stands aside").isFalse();
      assertThat(service.reason()).contains("gave the lease back").contains("no plan today");
    }
    assertThat(service.status().failedTurns()).isEqualTo(failed);
    service.turn();
    assertThat(stowage.isLeading()).as("nobody else did").isTrue();
  }

  // ---- a leader whose time stands still ----

  private void turnAt(long tick, StowageService service) {
    clock.set(tick * SECOND);
    assertThat(service.turn()).as("it leads on at tick %s", tick).isTrue();
  }

  private static LifecycleConfig impatient() {
    return SmallFleet.config().fleet().toBuilder()
        .suspectAfterTicks(60)
        .departAfterTicks(900)
        .build();
  }

  @Test
  void leaderWhoseTimeStandsStill_isDegraded_untilItsTimeHasCome() {
    List<String> heard = new ArrayList<>();
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withFleet(impatient()))
                .listener(
                    new StowageListener() {
                      @Override
                      public void standing(Tick told, Tick largest) {
                        heard.add(told + " of " + largest);
                      }
                    })
                .build());
    StowageService service = service(stowage);
    turnAt(3_000, service);
    turnAt(1_000, service);
    turnAt(1_059, service);
    assertThat(service.status().state()).as("not for long").isEqualTo(State.LEADING);
    assertThat(stowage.stats().behindTicks()).isZero();
    turnAt(1_060, service);
    StowageService.Status degraded = service.status();
    assertThat(degraded.state()).isEqualTo(State.DEGRADED);
    assertThat(degraded.reason()).contains("tick 1060, 1940 ticks before").contains("resetTime");
    assertThat(degraded.failedTurns()).as("it goes on").isZero();
    assertThat(stowage.stats().behindTicks()).isEqualTo(1_940);
    turnAt(1_200, service);
    assertThat(service.status().state()).isEqualTo(State.DEGRADED);
    assertThat(service.status().reason()).contains("tick 1200, 1800 ticks before");
    assertThat(service.status().sinceNanos()).isEqualTo(degraded.sinceNanos());
    assertThat(heard).as("it is said once").containsExactly("1060 of 3000");
    turnAt(3_000, service);
    assertThat(service.status().state()).isEqualTo(State.LEADING);
    assertThat(stowage.stats().behindTicks()).isZero();
    turnAt(2_000, service);
    turnAt(2_060, service);
    assertThat(heard).as("and again once it is so again").hasSize(2).contains("2060 of 3000");
    assertThat(stowage.resetTime(clock.get()).isAccepted()).isTrue();
    turnAt(2_061, service);
    assertThat(service.status().state()).as("by hand").isEqualTo(State.LEADING);
    assertThat(stowage.stats().behindTicks()).isZero();
  }

  // ---- the chunk goes on ----

  // ---- what audits find ----

  /** Plans as usual, and gives its first plan again for as long as it is told to. */
  private static final class Parrot implements PlacementPlanner {
    private @Nullable PlacementPlan first;
    private boolean repeats;

    @Override
    public PlacementPlan plan(PlacementInput input) {
      PlacementPlan known = first;
      if (repeats && known != null) {
        return known;
      }
      first = PlacementPlanner.sticky().plan(input);
      return first;
    }
  }

  @Test
  void auditFinding_degradesTheService_whichGoesOn_andRecovers() {
    Parrot parrot = new Parrot();
    List<Violation> heard = new ArrayList<>();
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withAudit(AuditLevel.CYCLES))
                .with(parrot)
                .listener(
                    new StowageListener() {
                      @Override
                      public void violated(
                          Tick tick, Command<?> command, List<Violation> violations) {
                        heard.addAll(violations);
                      }
                    })
                .build());
    StowageService service = service(stowage);
    assertThat(service.turn()).isTrue();
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a", "b");
    stowage.setStatus(WorkerId.of("b"), WorkerStatus.CORDONED, fleet.now());
    fleet.ingest(chunk("c1", 0));
    assertThat(service.turn()).as("one worker is too few").isTrue();
    stowage.setStatus(WorkerId.of("b"), WorkerStatus.ACTIVE, fleet.now());
    parrot.repeats = true;
    for (int failed = 1; failed <= 3; failed++) {
      assertThat(service.turn()).isFalse();
      assertThat(service.state()).isEqualTo(State.DEGRADED);
      assertThat(service.reason()).contains("audit").contains("justified deferral: d/c1");
      assertThat(service.status().failedTurns()).isEqualTo(failed);
      assertThat(service.status().lastFailure()).containsInstanceOf(AuditFinding.class);
      assertThat(stowage.isLeading()).isTrue();
    }
    assertThat(heard).extracting(Violation::invariant).containsOnly(Invariant.JUSTIFIED_DEFERRAL);
    parrot.repeats = false;
    assertThat(service.turn()).isTrue();
    assertThat(service.state()).isEqualTo(State.LEADING);
    assertThat(service.status().failedTurns()).isEqualTo(3);
    fleet.fetch();
    assertThat(service.turn()).isTrue();
    assertThat(stowage.status(List.of(key("c1"))).get(0).state()).contains(ChunkState.VISIBLE);
  }

  @Test
  void auditFinding_ofASchedulingCycle_doesNotHoldUpVisibility() {
    Parrot parrot = new Parrot();
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withAudit(AuditLevel.CYCLES))
                .with(parrot)
                .build());
    StowageService service = service(stowage);
    assertThat(service.turn()).isTrue();
    SmallFleet fleet = new SmallFleet(stowage).join(100, "a", "b", "c").join(1_000, "d");
    stowage.setStatus(WorkerId.of("c"), WorkerStatus.CORDONED, fleet.now());
    fleet.ingest(chunk("c1", 0));
    fleet.ingest(chunk("c2", 10));
    fleet.ingest(chunk("c3", 20));
    assertThat(service.turn()).isTrue();
    assertThat(stowage.schedule(fleet.now()).deferred()).isNotEmpty();
    fleet.fetch();
    stowage.setStatus(WorkerId.of("c"), WorkerStatus.ACTIVE, fleet.now());
    parrot.repeats = true;
    assertThat(service.turn()).as("the plan lies").isFalse();
    assertThat(service.status().lastFailure()).containsInstanceOf(AuditFinding.class);
    assertThat(stowage.fleet().portalAssignment().visible(dataset())).isNotEmpty();
  }

  // ---- news that overtakes a plan ----

  @ParameterizedTest
  @EnumSource
  void deferral_whosePlanARegistrationOvertook_isJustified(AuditLevel level) {
    List<Runnable> meanwhile = new ArrayList<>();
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withHolder("leader").withAudit(level))
                .with(
                    (PlacementPlanner)
                        input -> {
                          meanwhile.forEach(Runnable::run);
                          meanwhile.clear();
                          return PlacementPlanner.sticky().plan(input);
                        })
                .build());
    StowageService service = service(stowage);
    assertThat(service.turn()).isTrue();
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a").ingest(chunk("c1", 0));
    SmallFleet other = new SmallFleet(SmallFleet.facade(fixture.connect(), "other"));
    meanwhile.add(() -> other.join(1_000, "b"));

    assertThat(service.turn()).as("%s", service.status().lastFailure()).isTrue();
    assertThat(meanwhile).as("was done").isEmpty();
    assertThat(stowage.status(List.of(key("c1"))).get(0).replicas()).isZero();
    assertThat(fleet.round()).isTrue();
    assertThat(stowage.status(List.of(key("c1"))).get(0).replicas()).isEqualTo(2);
  }
}
