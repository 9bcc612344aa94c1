package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The books as an audit reads them: with the reports of workers since the last cycle. */
class WorkerFactsTest {
  private static final Lineage LINEAGE = Lineage.of(7);

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final Map<String, Incarnation> lives = new TreeMap<>();
  private long reports;
  private long tick;
  private LifecycleState state = LifecycleState.empty(config().build(), LINEAGE);

  private static LifecycleConfig.Builder config() {
    return LifecycleConfig.builder()
        .minReplication(1)
        .maxReplication(WeightPolicy.UNCAPPED)
        .drainWindowTicks(0)
        .lineagePauseTicks(0)
        .retention(new RetentionHorizons(0, LifecycleConfig.NEVER, 0, 0));
  }

  private <R extends Result> R run(Command<R> command) {
    return lifecycle.execute(state, command, Tick.of(tick)).result();
  }

  private void worker(String id) {
    run(Command.Describe.of(Worker.of(WorkerId.of(id), 10_000)));
    register(id, "disk of " + id);
  }

  private void register(String id, String disk) {
    Result.Registered answer = run(new Command.Register(WorkerId.of(id), disk));
    lives.put(id, answer.incarnation());
  }

  private ReportHeader header(String id) {
    return new ReportHeader(WorkerId.of(id), lives.get(id), LINEAGE, ++reports);
  }

  private static ProposedChunk chunk(String id, long first) {
    return ProposedChunk.of(Chunk.of(key(id), BlockRange.of(first, first + 9), 100));
  }

  private static ChunkKey key(String id) {
    return ChunkKey.of("d", id);
  }

  private void ingest(String id, long first) {
    run(new Command.Ingest(List.of(chunk(id, first))));
  }

  private ChunkNumber number(String id) {
    return state.chunkNumber(state.chunkPosition(key(id)));
  }

  private void applied(String id, ChunkNumber... missing) {
    WorkerAssignmentId newest = state.newestWorkerAssignment();
    run(new Command.Applied(header(id), newest, List.of(missing)));
  }

  private void cycles() {
    run(new LeaderCommand.Schedule());
    run(LeaderCommand.Publish.now());
  }

  private void settle(String... workers) {
    for (int i = 0; i < 3; i++) {
      tick++;
      run(new LeaderCommand.Schedule());
      Arrays.stream(workers).forEach(this::applied);
      run(LeaderCommand.Publish.now());
    }
  }

  private Facts read() {
    return new Facts(state.snapshot());
  }

  private long missingSince(String id) {
    return read().missingSince(slot(id));
  }

  private WorkerFacts read(String id) {
    return read().worker(state.workerPosition(WorkerId.of(id)));
  }

  @Test
  void reportsThatNoCycleTookIn_areBelieved_inTheirOrder() {
    worker("w");
    ingest("a", 0);
    ingest("b", 10);
    tick = 5;
    run(new LeaderCommand.Schedule());
    assertThat(read("w").lastApplied()).isEqualTo(Facts.NONE);
    applied("w", number("a"));
    assertThat(read("w").lastApplied()).isEqualTo(state.newestWorkerAssignment().value());
    assertThat(missingSince("a")).isEqualTo(5);
    assertThat(missingSince("b")).isEqualTo(Facts.NONE);

    run(new Command.Lost(header("w"), List.of(number("b"))));
    assertThat(missingSince("a")).isEqualTo(5);
    assertThat(missingSince("b")).isEqualTo(5);

    applied("w");
    assertThat(missingSince("a")).isEqualTo(Facts.NONE);
    assertThat(missingSince("b")).isEqualTo(Facts.NONE);
    cycles();
    assertThat(missingSince("a")).isEqualTo(Facts.NONE);
  }

  @Test
  void replicaThatIsMissingStill_isMissingSinceThen() {
    worker("w");
    worker("v");
    ingest("a", 0);
    tick = 5;
    run(new LeaderCommand.Schedule());
    String holder = state.workerId(state.replicaWorker(slot("a"))).value();
    applied(holder, number("a"));
    cycles();
    tick = 9;
    cycles();
    applied(holder, number("a"));
    applied(holder.equals("w") ? "v" : "w", number("a"));
    assertThat(missingSince("a")).isEqualTo(5);
    run(new Command.Lost(header(holder), List.of(number("a"))));
    assertThat(missingSince("a")).isEqualTo(5);
  }

  private int slot(String id) {
    return state.firstReplica(state.chunkPosition(key(id)));
  }

  @Test
  void workerThatReportsTheWatermark_hasCaughtUp_andOneBelowHasNot() {
    state =
        LifecycleState.empty(config().confirmation(ConfirmationPolicy.quorum(50)).build(), LINEAGE);
    worker("w");
    worker("v");
    ingest("a", 0);
    ingest("b", 10);
    settle("w", "v");
    assertThat(state.watermark()).isPositive();
    register("v", "another disk");
    applied("w");
    cycles();
    assertThat(read("v").caughtUp()).isFalse();
    run(new Command.Applied(header("v"), WorkerAssignmentId.of(state.watermark() - 1), List.of()));
    assertThat(read("v").caughtUp()).isFalse();
    run(new Command.Applied(header("v"), WorkerAssignmentId.of(state.watermark()), List.of()));
    assertThat(read("v").caughtUp()).isTrue();
    assertThat(state.workerRow(state.workerPosition(WorkerId.of("v"))).caughtUp()).isFalse();
  }

  @Test
  void inventoryOnItsWay_isShown_ofItsWorkerAlone() {
    worker("w");
    worker("v");
    ingest("a", 0);
    settle("w", "v");
    assertThat(read("v").isInventoryPending()).isFalse();
    run(new Command.Inventory(header("v"), List.of()));
    assertThat(read("v").isInventoryPending()).isTrue();
    assertThat(read("w").isInventoryPending()).isFalse();
    run(new Command.Lost(header("v"), List.of()));
    assertThat(read("v").isInventoryPending()).isTrue();
    cycles();
    assertThat(read("v").isInventoryPending()).isFalse();
  }

  @Test
  void inventoryInParts_isShownAsOne_onceAllAreThere() {
    worker("w");
    worker("v");
    settle("w", "v");
    ReportHeader sending = header("v");
    run(new Command.InventoryPart(sending, 2, 2, List.of()));
    assertThat(read("v").sending()).isEqualTo(sending.number());
    assertThat(read("v").isSendingOpen()).isTrue();
    assertThat(read("v").isInventoryPending()).isFalse();
    assertThat(read("w").sending()).isZero();
    run(new Command.InventoryPart(sending, 1, 2, List.of()));
    assertThat(read("v").isSendingOpen()).isFalse();
    assertThat(read("v").isInventoryPending()).isTrue();
    cycles();
    assertThat(read("v").sending()).isZero();
  }

  @Test
  void chunkThatComesAgain_isAnotherOne_andAnAdmittedOfferTheSame() {
    worker("w");
    ingest("a", 0);
    run(new Command.Offer(List.of(chunk("b", 10))));
    Facts before = read();
    run(new Command.Remove(key("a")));
    cycles();
    run(new LeaderCommand.Purge());
    ingest("a", 0);
    AuditStep step = new AuditStep(before, AuditStep.Kind.PURGE, AuditStep.Answer.at(tick), read());
    assertThat(before.position(key("a"))).isEqualTo(step.after().position(key("a")));
    assertThat(step.isGone(before.position(key("a")))).isTrue();
    assertThat(step.hasBoth(before.position(key("b")))).isTrue();
  }

  @Test
  void steps_areOfTheKindThatTheirResultTells() {
    worker("w");
    ingest("a", 0);
    run(
        new Command.Ingest(
            List.of(ProposedChunk.of(Chunk.of(key("large"), BlockRange.of(10, 19), 20_000)))));
    Facts before = read();
    tick = 3;
    Command<?> command = new LeaderCommand.Schedule();
    AuditStep step = AuditStep.of(before, command, run(command), read());
    assertThat(step.kind()).isEqualTo(AuditStep.Kind.SCHEDULE);
    assertThat(step.answer()).isEqualTo(new AuditStep.Answer(3, 0, List.of(key("large")), 0));
    assertThat(step.accepted()).isEqualTo(command);

    applied("w");
    before = read();
    command = new LeaderCommand.Publish(8);
    Result published = run(command);
    step = AuditStep.of(before, command, published, read());
    assertThat(step.kind()).isEqualTo(AuditStep.Kind.PUBLISH);
    assertThat(step.answer().commitTick()).isEqualTo(8);
    assertThat(
            AuditStep.of(before, LeaderCommand.Publish.now(), published, read())
                .answer()
                .commitTick())
        .isEqualTo(3);
    assertThat(AuditStep.of(before, new LeaderCommand.Purge(), published, read()).kind())
        .isEqualTo(AuditStep.Kind.OTHER);

    before = read();
    tick = 9;
    command = new LeaderCommand.Purge();
    step = AuditStep.of(before, command, run(command), read());
    assertThat(step.kind()).isEqualTo(AuditStep.Kind.PURGE);
    assertThat(step.answer().commitTick()).isEqualTo(9);

    before = read();
    command = new Command.SetStatus(WorkerId.of("nobody"), WorkerStatus.CORDONED);
    step = AuditStep.of(before, command, run(command), read());
    assertThat(step.kind()).isEqualTo(AuditStep.Kind.OTHER);
    assertThat(step.answer().commitTick()).isEqualTo(read().row.largestTick());
    assertThat(step.accepted()).isNull();
  }
}
