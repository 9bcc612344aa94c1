package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract of reports that wait while a cycle is decided: they are signs of life, refused ones
 * are not, and the cycle's record says whose report waited. Workers are suspect after 10 ticks of
 * silence and depart after 30. A backend extends this class, opens its store, and changes nothing
 * else.
 */
public abstract class WaitingReportsContract extends OpenedStore {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private final List<Command<?>> heard = new ArrayList<>();
  private Stowage stowage;
  private SmallFleet fleet;
  private Runnable amidPublish = () -> {};
  private Runnable amidPlan = () -> {};

  private static StowageConfig config() {
    LifecycleConfig quiet = SmallFleet.config().fleet();
    return SmallFleet.config()
        .withFleet(quiet.toBuilder().suspectAfterTicks(10).departAfterTicks(30).build());
  }

  /** Workers a, b and c hold two chunks, and were heard of at the tick of the last cycle. */
  private void lead() {
    stowage =
        audit.watch(
            Stowage.builder(store)
                .config(config())
                .executor(held::add)
                .with((PlacementPlanner) this::plan)
                .commitClock(() -> {
                  amidPublish.run();
                  return 0;
                })
                .listener(
                    new StowageListener() {
                      @Override
                      public void executed(Tick tick, Command<?> command, Result result) {
                        heard.add(command);
                      }
                    })
                .build());
    assertThat(stowage.claim(1).granted()).isTrue();
    fleet = new SmallFleet(stowage).join(1_000, "a", "b", "c");
    fleet.ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    for (String name : List.of("a", "b", "c")) {
      stowage.heartbeat(fleet.header(name), fleet.now());
    }
    stowage.schedule(fleet.now());
    heard.clear();
  }

  private PlacementPlan plan(PlacementInput input) {
    amidPlan.run();
    return PlacementPlanner.sticky().plan(input);
  }

  private void waits(Command<?> command) {
    var unused = stowage.submit(command, fleet.now());
  }

  private Command.Heartbeat heartbeat(String name) {
    return new Command.Heartbeat(fleet.header(name));
  }

  private void drain() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }

  private WorkerStatus status(String name) {
    LifecycleSnapshot books = SmallFleet.state(stowage);
    return books.workerRow(books.workerPosition(WorkerId.of(name))).status();
  }

  private void assertStatus(WorkerStatus status, String... names) {
    for (String name : names) {
      assertThat(status(name)).as(name).isEqualTo(status);
    }
  }

  private Command<?> lastCycle() {
    Command<?> last = null;
    for (Command<?> command : heard) {
      if (command.isCycle()) {
        last = command;
      }
    }
    assertThat(last).isNotNull();
    return last;
  }

  private void assertReplays() {
    List<EvidenceRecord> recorded = store.evidence(0, Integer.MAX_VALUE);
    assertThat(
            Replayer.run(
                Evidence.of(stowage).header(),
                recorded,
                EngineReplay.with(PlacementPlanner.sticky())))
        .isInstanceOf(Replayer.ReplayResult.Same.class);
  }

  private static List<WorkerId> ids(String... names) {
    return List.of(names).stream().map(WorkerId::of).toList();
  }

  @Test
  void worker_ofWhichAReportWaits_isNeitherSuspectNorDeparted() {
    lead();
    fleet.pass(10);
    waits(heartbeat("a"));
    stowage.schedule(fleet.now());
    assertThat(lastCycle().waiting()).isEqualTo(ids("a"));
    assertStatus(WorkerStatus.ACTIVE, "a");
    assertStatus(WorkerStatus.SUSPECT, "b", "c");
    fleet.pass(10);
    stowage.publish(fleet.now());
    fleet.pass(10);
    stowage.publish(fleet.now());
    assertThat(lastCycle().waiting()).isEqualTo(ids("a"));
    assertStatus(WorkerStatus.ACTIVE, "a");
    assertStatus(WorkerStatus.DEPARTED, "b", "c");
    drain();
    fleet.pass(9);
    stowage.schedule(fleet.now());
    assertStatus(WorkerStatus.ACTIVE, "a");
    fleet.pass(10);
    stowage.schedule(fleet.now());
    assertStatus(WorkerStatus.SUSPECT, "a");
    assertReplays();
  }

  @Test
  void reportThatIsCancelled_isNoSignOfLife() {
    lead();
    fleet.pass(10);
    var stage = stowage.submit(heartbeat("a"), fleet.now()).toCompletableFuture();
    stage.cancel(false);
    stowage.schedule(fleet.now());
    assertStatus(WorkerStatus.SUSPECT, "a", "b", "c");
  }

  /** The thread has called, and waits for the turn that the cycle has. */
  @Test
  void reportOfAThread_thatWaitsForTheTurn_isASignOfLife() throws Exception {
    lead();
    fleet.pass(10);
    ReportHeader header = fleet.header("a");
    long now = fleet.now();
    Thread reporter = new Thread(() -> stowage.heartbeat(header, now));
    amidPublish =
        () -> {
          amidPublish = () -> {};
          reporter.start();
          while (reporter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
        };
    stowage.publish(now);
    reporter.join(60_000);
    assertThat(lastCycle().waiting()).isEqualTo(ids("a"));
    assertStatus(WorkerStatus.ACTIVE, "a");
    assertStatus(WorkerStatus.SUSPECT, "b", "c");
    assertReplays();
  }

  /** The plan takes nobody for silent of whom a report waits, and keeps their copies. */
  @Test
  void planThatIsMadeWhileReportsWait_isThatOfAFleetThatReports() {
    lead();
    fleet.pass(10);
    List.of("a", "b", "c").forEach(name -> waits(heartbeat(name)));
    Result.Scheduled previewed = stowage.preview(fleet.now());
    assertThat(previewed.changed()).isFalse();
    stowage.schedule(fleet.now());
    assertStatus(WorkerStatus.ACTIVE, "a", "b", "c");
    fleet.ingest(chunk("c3", 20));
    List.of("a", "b", "c").forEach(name -> waits(heartbeat(name)));
    fleet.pass(10);
    Result.Scheduled cycle = stowage.schedule(fleet.now());
    assertThat(cycle.deferred()).isEmpty();
    assertStatus(WorkerStatus.ACTIVE, "a", "b", "c");
    drain();
    assertReplays();
  }

  @Test
  void reportsThatComeAndGo_besideAPlan_countForItOrForItsCycle() {
    lead();
    fleet.ingest(chunk("c3", 20));
    fleet.pass(10);
    waits(heartbeat("a"));
    waits(heartbeat("b"));
    amidPlan =
        () -> {
          amidPlan = () -> {};
          drain();
          waits(heartbeat("c"));
        };
    stowage.schedule(fleet.now());
    assertThat(lastCycle().waiting()).isEqualTo(ids("c"));
    assertStatus(WorkerStatus.ACTIVE, "a", "b", "c");
    drain();
    assertReplays();
  }

  /** A plan of a fleet of suspects would place nothing. */
  @Test
  void reportsInTheInbox_countForThePlan_notOnlyForItsCycle() {
    lead();
    fleet.ingest(chunk("c3", 20));
    fleet.pass(10);
    for (String name : List.of("a", "b", "c")) {
      sender.append(heartbeat(name));
    }
    assertThat(stowage.schedule(fleet.now()).deferred()).isEmpty();
    assertStatus(WorkerStatus.ACTIVE, "a", "b", "c");
    assertReplays();
  }
}
