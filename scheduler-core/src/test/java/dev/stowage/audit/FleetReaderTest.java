package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
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

/** Tests the input of an audit: the books, with the reports of workers since the last cycle. */
class FleetReaderTest {
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

  private void swap(String old, String fresh, long first) {
    run(
        new Command.RegisterSwap(
            DatasetId.of("d"), List.of(key(old)), List.of(chunk(fresh, first)), Coverage.SAME));
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

  private FleetSnapshot read() {
    return FleetSnapshot.of(state);
  }

  private long missingSince(String id) {
    FleetSnapshot fleet = read();
    int chunk = Arrays.asList(fleet.chunks().key).indexOf(key(id));
    return fleet.replicas().missingSince[fleet.chunks().replicaStart[chunk]];
  }

  @Test
  void reportsThatNoCycleTookIn_areBelieved_inTheirOrder() {
    worker("w");
    ingest("a", 0);
    ingest("b", 10);
    tick = 5;
    run(new LeaderCommand.Schedule());
    assertThat(read().workers().lastApplied).containsExactly(FleetSnapshot.NONE);
    applied("w", number("a"));
    assertThat(read().workers().lastApplied)
        .containsExactly(state.newestWorkerAssignment().value());
    assertThat(missingSince("a")).isEqualTo(5);
    assertThat(missingSince("b")).isEqualTo(FleetSnapshot.NONE);

    run(new Command.Lost(header("w"), List.of(number("b"))));
    assertThat(missingSince("a")).isEqualTo(5);
    assertThat(missingSince("b")).isEqualTo(5);

    applied("w");
    assertThat(missingSince("a")).isEqualTo(FleetSnapshot.NONE);
    assertThat(missingSince("b")).isEqualTo(FleetSnapshot.NONE);
    cycles();
    assertThat(missingSince("a")).isEqualTo(FleetSnapshot.NONE);
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
    int v = state.workerPosition(WorkerId.of("v"));
    assertThat(read().workers().caughtUp[v]).isFalse();
    run(new Command.Applied(header("v"), WorkerAssignmentId.of(state.watermark() - 1), List.of()));
    assertThat(read().workers().caughtUp[v]).isFalse();
    run(new Command.Applied(header("v"), WorkerAssignmentId.of(state.watermark()), List.of()));
    assertThat(read().workers().caughtUp[v]).isTrue();
    assertThat(state.workerRow(v).caughtUp()).isFalse();
  }

  @Test
  void inventoryOnItsWay_isShown_ofItsWorkerAlone() {
    worker("w");
    worker("v");
    ingest("a", 0);
    settle("w", "v");
    assertThat(read().workers().inventoryPending).containsOnly(false);
    run(new Command.Inventory(header("v"), List.of()));
    int v = state.workerPosition(WorkerId.of("v"));
    assertThat(read().workers().inventoryPending[v]).isTrue();
    assertThat(read().workers().inventoryPending[1 - v]).isFalse();
    run(new Command.Lost(header("v"), List.of()));
    assertThat(read().workers().inventoryPending[v]).isTrue();
    cycles();
    assertThat(read().workers().inventoryPending).containsOnly(false);
  }

  @Test
  void inventoryInParts_isShownAsOne_onceAllAreThere() {
    worker("w");
    worker("v");
    settle("w", "v");
    int v = state.workerPosition(WorkerId.of("v"));
    ReportHeader sending = header("v");
    run(new Command.InventoryPart(sending, 2, 2, List.of()));
    assertThat(read().workers().sending[v]).isEqualTo(sending.number());
    assertThat(read().workers().sendingIsOpen[v]).isTrue();
    assertThat(read().workers().inventoryPending[v]).isFalse();
    assertThat(read().workers().sending[1 - v]).isZero();
    run(new Command.InventoryPart(sending, 1, 2, List.of()));
    assertThat(read().workers().sendingIsOpen[v]).isFalse();
    assertThat(read().workers().inventoryPending[v]).isTrue();
    cycles();
    assertThat(read().workers().sending[v]).isZero();
  }

  @Test
  void bans_areRead_andPinsAreNot() {
    worker("w");
    ingest("a", 0);
    ingest("b", 10);
    PlacementWish ban = PlacementWish.of(PlacementWish.Kind.BAN, key("a"), WorkerId.of("w"));
    PlacementWish pin = PlacementWish.of(PlacementWish.Kind.PIN, key("b"), WorkerId.of("w"));
    run(new Command.Wish(ban, Command.ANY_VERSION));
    run(new Command.Wish(pin, Command.ANY_VERSION));
    assertThat(read().bans()).containsExactly(ban);
  }

  @Test
  void gates_areRead() {
    assertThat(read().header().gated()).isTrue();
    state = LifecycleState.empty(config().gates(Gates.NONE).build(), LINEAGE);
    assertThat(read().header().gated()).isFalse();
  }

  @Test
  void swaps_areReadWithTheirSides_alsoWhereAChunkIsPurged() {
    worker("w");
    ingest("first", 0);
    settle("w");
    run(new Command.Remove(key("first")));
    settle("w");
    run(new LeaderCommand.Purge());
    ingest("p", 0);
    ingest("q", 10);
    ingest("r", 20);
    settle("w");
    swap("p", "p2", 0);
    settle("w");
    run(new LeaderCommand.Purge());
    swap("q", "q2", 10);
    run(new Command.CancelSwap(2));
    swap("r", "r2", 20);
    FleetSnapshot fleet = read();
    SwapColumns swaps = fleet.swaps();
    assertThat(swaps.state)
        .containsExactly(SwapColumns.FIRED, SwapColumns.CANCELLED, SwapColumns.PENDING);
    assertThat(swaps.oldSide[0]).containsExactly(-1);
    assertThat(keys(fleet, swaps.newSide[0])).containsExactly(key("p2"));
    assertThat(keys(fleet, swaps.oldSide[1])).containsExactly(key("q"));
    assertThat(keys(fleet, swaps.newSide[1])).containsExactly(key("q2"));
    assertThat(keys(fleet, swaps.oldSide[2])).containsExactly(key("r"));
    assertThat(keys(fleet, swaps.newSide[2])).containsExactly(key("r2"));
  }

  private static List<ChunkKey> keys(FleetSnapshot fleet, int[] side) {
    return Arrays.stream(side).mapToObj(chunk -> fleet.chunks().key[chunk]).toList();
  }

  @Test
  void windowOfNoTicksAtTickNull_isAWindow() {
    worker("w");
    ingest("a", 0);
    ingest("b", 10);
    run(new LeaderCommand.Schedule());
    applied("w");
    cycles();
    run(new Command.Remove(key("a")));
    run(LeaderCommand.Publish.now());
    FleetSnapshot fleet = read();
    List<ChunkKey> order = Arrays.asList(fleet.chunks().key);
    int dropped = order.indexOf(key("a"));
    assertThat(fleet.chunks().state[dropped]).isEqualTo(ChunkColumns.DROPPED);
    assertThat(fleet.chunks().windowEnd[dropped]).isZero();
    assertThat(fleet.chunks().windowEnd[order.indexOf(key("b"))]).isEqualTo(FleetSnapshot.NONE);
  }

  @Test
  void chunkThatComesAgain_isAnotherOne_andAnAdmittedOfferTheSame() {
    worker("w");
    ingest("a", 0);
    run(new Command.Offer(List.of(chunk("b", 10))));
    FleetSnapshot before = read();
    int offer = Arrays.asList(before.chunks().key).indexOf(key("b"));
    run(new Command.Remove(key("a")));
    cycles();
    run(new LeaderCommand.Purge());
    ingest("a", 0);
    AuditStep step = new AuditStep(before, AuditStep.Kind.PURGE, AuditStep.Answer.at(tick), read());
    assertThat(step.chunkAfter(1 - offer)).isEqualTo(-1);
    assertThat(step.after().chunks().key[step.chunkAfter(offer)]).isEqualTo(key("b"));
  }

  @Test
  void steps_areOfTheKindThatTheirResultTells() {
    worker("w");
    ingest("a", 0);
    run(
        new Command.Ingest(
            List.of(ProposedChunk.of(Chunk.of(key("large"), BlockRange.of(10, 19), 20_000)))));
    FleetSnapshot before = read();
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
    assertThat(step.answer().commitTick()).isEqualTo(read().header().tick());
    assertThat(step.accepted()).isNull();
  }
}
