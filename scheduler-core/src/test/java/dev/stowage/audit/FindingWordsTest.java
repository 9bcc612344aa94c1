package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Violation;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A finding says where it is and what is wrong there: it is read by who has to mend it. */
class FindingWordsTest {
  private static final Map<Byte, String> STATES =
      Map.of(
          ChunkColumns.OFFERED, "offered",
          ChunkColumns.REJECTED, "rejected",
          ChunkColumns.ADMITTED, "admitted",
          ChunkColumns.VISIBLE, "visible",
          ChunkColumns.DROPPED, "dropped",
          ChunkColumns.TOMBSTONE, "tombstone");

  private static List<String> said(String facts) {
    return said(new FleetDraft().add(facts));
  }

  private static List<String> said(FleetDraft fleet) {
    return Audit.check(fleet.snapshot()).stream().map(Violation::toString).toList();
  }

  private static List<String> saidOf(String copy) {
    return said("worker w; chunk a 0-9; copy a@w " + copy);
  }

  /** The word of a state in facts. */
  private static String word(byte state) {
    return " state=" + STATES.get(state).toUpperCase(Locale.ROOT);
  }

  @Test
  void stampOutsideItsBounds_isNamedWithThem() {
    String of = "stamps are sane: d/a@w: ";
    assertThat(saidOf("since=11")).containsExactly(of + "since 11 lies outside 0..10");
    assertThat(saidOf("since=-1")).containsExactly(of + "since -1 lies outside 0..10");
    assertThat(saidOf("since=0")).isEmpty();
    assertThat(saidOf("since=10")).isEmpty();
    assertThat(saidOf("since=5 superseded=4"))
        .containsExactly(of + "superseded at 4, before since 5");
    assertThat(saidOf("since=5 superseded=11"))
        .containsExactly(of + "superseded at 11, beyond the newest assignment 10");
    assertThat(saidOf("since=5 released=6")).containsExactly(of + "released at 6 while assigned");
    assertThat(saidOf("superseded=5 released=11"))
        .containsExactly(of + "released at 11, beyond the newest assignment 10");
    assertThat(saidOf("superseded=5 released=6 named"))
        .contains(of + "released at 6 and still named by the newest portal assignment");
  }

  @Test
  void replicaOfWhatMayHaveNone_isNamedWithItsChunksState() {
    for (byte state : STATES.keySet()) {
      List<String> said = said("worker w; chunk a 0-9 windowEnd=105" + word(state) + "; copy a@w");
      boolean mayHave = state >= ChunkColumns.ADMITTED && state != ChunkColumns.TOMBSTONE;
      String words = "stamps are sane: d/a@w: a replica of a chunk that is " + STATES.get(state);
      assertThat(said.contains(words)).as(STATES.get(state)).isEqualTo(!mayHave);
    }
  }

  @Test
  void chunkThatIsNotWhatItsStateSays_isNamed() {
    for (byte state : List.of(ChunkColumns.OFFERED, ChunkColumns.REJECTED)) {
      String words = "stamps are sane: d/a: established or marked while " + STATES.get(state);
      assertThat(said("chunk a 0-9" + word(state))).containsExactly(words);
      assertThat(said("chunk a 0-9 brandNew marked" + word(state))).containsExactly(words);
      assertThat(said("chunk a 0-9 brandNew" + word(state))).isEmpty();
    }
    assertThat(said("chunk a 0-9 brandNew marked")).isEmpty();
    FleetDraft fleet = new FleetDraft();
    fleet.add("chunk a 0-9 brandNew");
    FleetSnapshot possessed = fleet.snapshot();
    assertThat(Audit.check(possessed)).isEmpty();
    possessed.chunks().everPossessed[0] = true;
    assertThat(Audit.check(possessed))
        .extracting(Violation::found)
        .containsExactly("possessed once, but no worker assignment ever named it");
  }

  @Test
  void idsBeyondTheNewest_areNamed() {
    assertThat(said("worker w applied=11"))
        .containsExactly("stamps are sane: w: applied 11, beyond the newest assignment 10");
    assertThat(said("worker w applied=10")).isEmpty();
    assertThat(said("quorum 50 11"))
        .containsExactly("stamps are sane: watermark: 11, beyond the newest assignment 10");
    assertThat(said("quorum 50 10")).isEmpty();
  }

  @Test
  void pendingSwap_whoseSideIsShownOrGone_isNamed() {
    assertThat(said("chunk new 0-9; chunk old 0-9 state=ADMITTED; swap 3 PENDING old>new"))
        .containsExactly("swap atomicity: swap 3: d/new is visible before its swap has fired");
    assertThat(said("chunk new 0-9 brandNew; chunk old 0-9; swap 3 PENDING old>new")).isEmpty();
    assertThat(said("chunk new 0-9 brandNew marked; chunk old 0-9; swap 3 PENDING old>new"))
        .containsExactly(
            "swap atomicity: swap 3: d/new is being removed while the swap is pending");
    assertThat(said("chunk new 0-9 brandNew; swap 3 PENDING gone>new"))
        .containsExactly(
            "swap atomicity: swap 3: a chunk that is gone is being removed while the swap is"
                + " pending");
  }

  /** Which moves a chunk may make, by the cycle that makes them; marked it may do more. */
  private static boolean mayMove(byte from, byte to, AuditStep.Kind kind, boolean marked) {
    if (from == to) {
      return true;
    }
    return switch (STATES.get(from) + " to " + STATES.get(to)) {
      case "offered to rejected", "offered to admitted" -> true;
      case "admitted to visible" -> kind == AuditStep.Kind.PUBLISH;
      case "admitted to tombstone" -> marked;
      case "visible to dropped" -> marked && kind == AuditStep.Kind.PUBLISH;
      case "dropped to tombstone" -> kind == AuditStep.Kind.SCHEDULE;
      default -> false;
    };
  }

  @Test
  void move_thatNoCycleMakes_isNamed() {
    for (AuditStep.Kind kind : AuditStep.Kind.values()) {
      for (byte from : new TreeSet<>(STATES.keySet())) {
        for (byte to : STATES.keySet()) {
          for (boolean marked : new boolean[] {false, true}) {
            FleetDraft before = new FleetDraft();
            FleetDraft after = new FleetDraft();
            before.add("chunk a 0-9" + word(from) + (marked ? " marked" : ""));
            after.add("chunk a 0-9" + word(to));
            Findings findings = new Findings();
            new VisibilityIsMonotone()
                .check(
                    new AuditStep(
                        before.snapshot(), kind, AuditStep.Answer.at(100), after.snapshot()),
                    findings);
            String words =
                "changed from "
                    + STATES.get(from)
                    + " to "
                    + STATES.get(to)
                    + (marked ? "" : ", neither marked nor replaced");
            List<String> expected = mayMove(from, to, kind, marked) ? List.of() : List.of(words);
            assertThat(findings.asList()).extracting(Violation::found).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void deferral_isJudgedByWhoMayTakeTheChunk() {
    FleetDraft fleet = new FleetDraft();
    fleet.add("worker w,v; chunk z 50-59 floor=1; chunk a 0-9 brandNew floor=2");
    FleetSnapshot snapshot = fleet.snapshot();
    AuditStep.Answer answer =
        new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a"), ChunkKey.of("d", "gone")), 0);
    assertThat(deferrals(snapshot, answer, List.of()))
        .containsExactly("deferred although 2 workers have room for its 100 bytes");
    assertThat(deferrals(snapshot, answer, List.of("v"))).isEmpty();
    assertThat(deferrals(snapshot, answer, List.of("w"))).isEmpty();
    assertThat(deferrals(snapshot, answer, List.of("nobody"))).hasSize(1);
    snapshot.workers().status[1] = WorkerStatus.CORDONED;
    assertThat(deferrals(snapshot, answer, List.of())).isEmpty();
    snapshot.workers().status[1] = WorkerStatus.ACTIVE;
    AuditStep.Answer struck = new AuditStep.Answer(100, 0, answer.deferred(), 1);
    assertThat(deferrals(snapshot, struck, List.of())).isEmpty();
  }

  @Test
  void deferral_ofANewSide_isNotJudgedHere() {
    FleetDraft fleet = new FleetDraft();
    fleet.add(
        "worker w,v; chunk a 0-9 brandNew floor=1; chunk old 0-9 floor=1; chunk b 10-19 brandNew"
            + " floor=1");
    fleet.swap(1, SwapColumns.PENDING, List.of("old"), List.of("a", "gone"));
    AuditStep.Answer answer =
        new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a"), ChunkKey.of("d", "b")), 0);
    assertThat(deferrals(fleet.snapshot(), answer, List.of())).hasSize(1);
  }

  private static List<String> deferrals(
      FleetSnapshot fleet, AuditStep.Answer answer, List<String> avoided) {
    PlanningAdvice advice =
        new PlanningAdvice(List.of(), avoided.stream().map(WorkerId::of).toList(), List.of(), 0);
    AuditStep step =
        new AuditStep(fleet, AuditStep.Kind.SCHEDULE, answer, fleet)
            .by(new LeaderCommand.Schedule(advice), Result.Answer.of(ResultCode.ACCEPTED));
    Findings findings = new Findings();
    new JustifiedDeferral().check(step, findings);
    return findings.asList().stream().map(Violation::found).toList();
  }
}
