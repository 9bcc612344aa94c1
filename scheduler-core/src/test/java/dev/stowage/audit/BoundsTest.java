package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests the step invariants beside section 10: the smallest breach, and a near miss. */
class BoundsTest {
  private static final Lineage PRESENT = Lineage.of(7);

  private final FleetDraft before = new FleetDraft();
  private final FleetDraft after = before.another();
  private AuditStep.Answer answer = AuditStep.Answer.at(100);

  private void both(Consumer<FleetDraft> facts) {
    facts.accept(before);
    facts.accept(after);
  }

  private void both(String facts) {
    both(fleet -> fleet.add(facts));
  }

  private List<Invariant> found(AuditStep.Kind kind) {
    return found(new AuditStep(before.facts(), kind, answer, after.facts()));
  }

  private List<Invariant> found(Command<?> command) {
    AuditStep step = new AuditStep(before.facts(), AuditStep.Kind.OTHER, answer, after.facts());
    return found(step.by(command, Result.Answer.of(ResultCode.ACCEPTED)));
  }

  private static List<Invariant> found(AuditStep step) {
    return Audit.checkStep(step).stream().map(Violation::invariant).distinct().toList();
  }

  // ---- reports

  private static ReportHeader header(long life, Lineage lineage, long number) {
    return new ReportHeader(WorkerId.of("w"), Incarnation.of(life), lineage, number);
  }

  private List<Invariant> heartbeat(long life, Lineage lineage, long number) {
    return found(new Command.Heartbeat(header(life, lineage, number)));
  }

  @Test
  void report_thatIsRepeated_orOfAnotherLife_isNotToBeAccepted() {
    both("worker w life=2 report=4");
    assertThat(heartbeat(2, PRESENT, 5)).isEmpty();
    assertThat(heartbeat(2, PRESENT, 4)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(heartbeat(1, PRESENT, 5)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(heartbeat(3, PRESENT, 5)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void report_ofAnotherLineage_isNotToBeAccepted_butForALoss() {
    both("worker w life=2 report=4");
    assertThat(heartbeat(2, Lineage.of(8), 5)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(found(new Command.Lost(header(1, Lineage.of(8), 5), List.of()))).isEmpty();
    assertThat(found(new Command.Lost(header(1, PRESENT, 5), List.of())))
        .containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(found(new Command.Inventory(header(2, Lineage.of(8), 5), List.of())))
        .containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void report_ofAWorkerThatNobodyKnows_isNotToBeAccepted() {
    assertThat(heartbeat(1, PRESENT, 1)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  private List<Invariant> applied(long id) {
    return found(new Command.Applied(header(1, PRESENT, 5), WorkerAssignmentId.of(id), List.of()));
  }

  @Test
  void applied_outsideOfWhatWasMintedSince_isNotToBeAccepted() {
    both("worker w applied=8");
    assertThat(applied(8)).isEmpty();
    assertThat(applied(10)).isEmpty();
    assertThat(applied(11)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(applied(7)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void applied_ofAWorkerThatOwesAnInventory_isNotToBeAccepted() {
    both("worker w applied=8 unproven");
    assertThat(applied(9)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void return_fromDeparture_owesAnInventory() {
    before.add("worker w status=DEPARTED");
    after.add("worker w");
    Command<?> register = new Command.Register(WorkerId.of("w"), "disk");
    assertThat(found(register)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    FleetDraft owing = before.another();
    owing.add("worker w unproven");
    AuditStep step = new AuditStep(before.facts(), AuditStep.Kind.OTHER, answer, owing.facts());
    assertThat(found(step.by(register, Result.Answer.of(ResultCode.ACCEPTED)))).isEmpty();
  }

  private List<Invariant> part(long number) {
    return found(new Command.InventoryPart(header(2, PRESENT, number), 1, 2, List.of()));
  }

  @Test
  void part_ofAnotherSendingThanTheLast_isNotToBeAcceptedLate() {
    both("worker w life=2 report=9 openSending=4");
    assertThat(part(4)).isEmpty();
    assertThat(part(10)).isEmpty();
    assertThat(part(3)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(part(9)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(heartbeat(2, PRESENT, 4)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void parts_outliveNoRegistration_unlessTheyAreAll() {
    Command<?> register = new Command.Register(WorkerId.of("w"), "disk");
    before.add("worker w openSending=4");
    after.add("worker w openSending=4");
    assertThat(found(register)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    FleetDraft whole = before.another();
    whole.add("worker w wholeSending=4");
    AuditStep step = new AuditStep(before.facts(), AuditStep.Kind.OTHER, answer, whole.facts());
    assertThat(found(step.by(register, Result.Answer.of(ResultCode.ACCEPTED)))).isEmpty();
  }

  @Test
  void parts_outliveNoLineage() {
    both("worker w unproven wholeSending=4");
    after.row(LifecycleConfig.defaults(), 50);
    assertThat(found(new LeaderCommand.BeginLineage(Lineage.of(70))))
        .containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void lineage_thatBegins_isOwedInventories() {
    both("worker w");
    after.row(LifecycleConfig.defaults(), 50);
    Command<?> begin = new LeaderCommand.BeginLineage(Lineage.of(70));
    assertThat(found(begin)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    before.row(LifecycleConfig.defaults(), 50);
    assertThat(found(begin)).isEmpty();
  }

  // ---- horizons

  @Test
  void row_isPurgedAtItsHorizonAndNotBefore() {
    LifecycleConfig config =
        LifecycleConfig.builder().retention(RetentionHorizons.ofTicks(40)).build();
    both(fleet -> fleet.row(config));
    before.add("chunk a 0-9 state=TOMBSTONE ended=60");
    assertThat(found(AuditStep.Kind.PURGE)).isEmpty();
    assertThat(found(AuditStep.Kind.OTHER)).contains(Invariant.BOUNDS_ARE_KEPT);
    answer = AuditStep.Answer.at(99);
    assertThat(found(AuditStep.Kind.PURGE)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
  }

  @Test
  void worker_isCalledSuspectAfterItsSilence_andNotBefore() {
    LifecycleConfig config =
        LifecycleConfig.builder().suspectAfterTicks(10).departAfterTicks(30).build();
    both(fleet -> fleet.row(config));
    before.add("worker w seen=91");
    after.add("worker w seen=91 status=SUSPECT");
    before.add("worker v seen=90");
    after.add("worker v seen=90 status=SUSPECT");
    before.add("worker u seen=70");
    after.add("worker u seen=70 status=DEPARTED");
    List<Violation> found =
        Audit.checkStep(
            new AuditStep(before.facts(), AuditStep.Kind.PUBLISH, answer, after.facts()));
    assertThat(found).singleElement().extracting(Violation::subject).isEqualTo("w");
    assertThat(found(AuditStep.Kind.OTHER)).isEmpty();
  }

  @Test
  void worker_ofWhichAReportWaits_isNotCalledSilent_howeverLongItsSilence() {
    LifecycleConfig config =
        LifecycleConfig.builder().suspectAfterTicks(10).departAfterTicks(30).build();
    both(fleet -> fleet.row(config));
    before.add("worker v seen=90");
    after.add("worker v seen=90 status=SUSPECT");
    before.add("worker u seen=70");
    after.add("worker u seen=70 status=DEPARTED");
    AuditStep step = new AuditStep(before.facts(), AuditStep.Kind.PUBLISH, answer, after.facts());
    List<WorkerId> waiting = List.of(WorkerId.of("u"), WorkerId.of("v"));
    Command<?> cycle = LeaderCommand.Publish.now();
    Result.Answer accepted = Result.Answer.of(ResultCode.ACCEPTED);
    assertThat(Audit.checkStep(step.by(cycle, accepted))).isEmpty();
    assertThat(Audit.checkStep(step.by(cycle.withWaiting(waiting), accepted)))
        .extracting(Violation::subject)
        .containsExactly("v", "u");
  }

  @Test
  void ingest_ofMoreThanMayWait_breaksItsBounds() {
    both(fleet -> fleet.row(LifecycleConfig.builder().maxWaitingChunks(1).build()));
    both("chunk a 0-9 brandNew");
    Chunk chunk = Chunk.of(ChunkKey.of("d", "b"), BlockRange.of(10, 19), 100);
    Command<?> ingest = new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
    assertThat(found(ingest)).isEmpty();
    after.add("chunk b 10-19 brandNew");
    assertThat(found(ingest)).containsExactly(Invariant.BOUNDS_ARE_KEPT);
    assertThat(found(new LeaderCommand.Admit())).isEmpty();
  }

  // ---- the pause, windows that were lowered, swaps

  @Test
  void deletion_inThePauseOfALineage_breaksRetention() {
    LifecycleConfig config =
        LifecycleConfig.builder().drainWindowTicks(5).lineagePauseTicks(5).build();
    both(fleet -> fleet.row(config, 96));
    both("worker w applied=0; chunk a 0-9 neverPossessed state=ADMITTED");
    before.add("copy a@w superseded=5");
    after.add("ids 11 10");
    assertThat(found(AuditStep.Kind.SCHEDULE)).containsExactly(Invariant.RETENTION);
    answer = AuditStep.Answer.at(101);
    assertThat(found(AuditStep.Kind.SCHEDULE)).isEmpty();
  }

  @Test
  void window_thatWasLowered_countsUntilItHasPassed() {
    both(fleet -> fleet.loweredWindow(2, 0));
    after.add("ids 10 11");
    both("worker w,v");
    before.add("chunk a 0-9 floor=1 marked; copy a@w named");
    after.add("chunk a 0-9 floor=1 state=DROPPED marked ended=105; copy a@w readableUntil=105");
    assertThat(found(AuditStep.Kind.PUBLISH)).containsExactly(Invariant.TWO_PHASE_OUT);
    answer = AuditStep.Answer.at(300);
    after.add("chunk b 10-19 floor=1 state=DROPPED marked ended=305");
    before.add("chunk b 10-19 floor=1 marked");
    List<Violation> found =
        Audit.checkStep(
            new AuditStep(before.facts(), AuditStep.Kind.PUBLISH, answer, after.facts()));
    assertThat(found).extracting(Violation::subject).doesNotContain("d/b");
  }
}
