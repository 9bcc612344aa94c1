package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A finding says where it is and what is wrong there: it is read by who has to mend it. */
class FindingWordsTest {
  private static List<String> said(String facts) {
    return said(new FleetDraft().add(facts));
  }

  private static List<String> said(FleetDraft fleet) {
    return Audit.check(fleet.facts()).stream().map(Violation::toString).toList();
  }

  private static List<String> saidOf(String copy) {
    return said("worker w; chunk a 0-9; copy a@w " + copy);
  }

  /** The word of a state in facts. */
  private static String word(ChunkState state) {
    return " state=" + state;
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
    for (ChunkState state : ChunkState.values()) {
      List<String> said = said("worker w; chunk a 0-9 ended=105" + word(state) + "; copy a@w");
      boolean mayHave = state.isLive() || state == ChunkState.DROPPED;
      String words = "stamps are sane: d/a@w: a replica of a chunk that is " + Facts.word(state);
      assertThat(said.contains(words)).as(state.name()).isEqualTo(!mayHave);
    }
  }

  @Test
  void chunkThatIsNotWhatItsStateSays_isNamed() {
    for (ChunkState state : List.of(ChunkState.OFFERED, ChunkState.REJECTED)) {
      String words = "stamps are sane: d/a: established or marked while " + Facts.word(state);
      assertThat(said("chunk a 0-9" + word(state))).containsExactly(words);
      assertThat(said("chunk a 0-9 brandNew marked" + word(state))).containsExactly(words);
      assertThat(said("chunk a 0-9 brandNew" + word(state))).isEmpty();
    }
    assertThat(said("chunk a 0-9 brandNew marked")).isEmpty();
    FleetDraft fleet = new FleetDraft();
    fleet.add("chunk a 0-9 brandNew");
    assertThat(said(fleet)).isEmpty();
    assertThat(said(fleet.add("chunk a 0-9 possessed")))
        .containsExactly(
            "stamps are sane: d/a: possessed once, but no worker assignment ever named it");
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
  private static boolean mayMove(
      ChunkState from, ChunkState to, AuditStep.Kind kind, boolean marked) {
    return from == to
        || switch (from + " to " + to) {
          case "OFFERED to REJECTED", "OFFERED to ADMITTED" -> true;
          case "ADMITTED to VISIBLE" -> kind == AuditStep.Kind.PUBLISH;
          case "ADMITTED to TOMBSTONE" -> marked;
          case "VISIBLE to DROPPED" -> marked && kind == AuditStep.Kind.PUBLISH;
          case "DROPPED to TOMBSTONE" -> kind == AuditStep.Kind.SCHEDULE;
          default -> false;
        };
  }

  @Test
  void move_thatNoCycleMakes_isNamed() {
    for (AuditStep.Kind kind : AuditStep.Kind.values()) {
      for (ChunkState from : ChunkState.values()) {
        for (ChunkState to : ChunkState.values()) {
          for (boolean marked : new boolean[] {false, true}) {
            FleetDraft before = new FleetDraft();
            FleetDraft after = before.another();
            before.add("chunk a 0-9" + word(from) + (marked ? " marked" : ""));
            after.add("chunk a 0-9" + word(to));
            Findings findings = new Findings();
            new VisibilityIsMonotone()
                .check(
                    new AuditStep(before.facts(), kind, AuditStep.Answer.at(100), after.facts()),
                    findings);
            String words =
                "changed from "
                    + from.name().toLowerCase(Locale.ROOT)
                    + " to "
                    + to.name().toLowerCase(Locale.ROOT)
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
    AuditStep.Answer answer =
        new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a"), ChunkKey.of("d", "gone")), 0);
    assertThat(deferrals(fleet.facts(), answer, List.of()))
        .containsExactly("deferred although 2 workers have room for its 100 bytes");
    assertThat(deferrals(fleet.facts(), answer, List.of("v"))).isEmpty();
    assertThat(deferrals(fleet.facts(), answer, List.of("w"))).isEmpty();
    assertThat(deferrals(fleet.facts(), answer, List.of("nobody"))).hasSize(1);
    fleet.add("worker v status=CORDONED");
    assertThat(deferrals(fleet.facts(), answer, List.of())).isEmpty();
    fleet.add("worker v status=ACTIVE");
    AuditStep.Answer struck = new AuditStep.Answer(100, 0, answer.deferred(), 1);
    assertThat(deferrals(fleet.facts(), struck, List.of())).isEmpty();
  }

  @Test
  void deferral_ofANewSide_isNotJudgedHere() {
    FleetDraft fleet = new FleetDraft();
    fleet.add(
        "worker w,v; chunk a 0-9 brandNew floor=1; chunk old 0-9 floor=1; chunk b 10-19 brandNew"
            + " floor=1");
    fleet.swap(1, SwapState.PENDING, List.of("old"), List.of("a", "gone"));
    AuditStep.Answer answer =
        new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a"), ChunkKey.of("d", "b")), 0);
    assertThat(deferrals(fleet.facts(), answer, List.of())).hasSize(1);
  }

  private static List<String> deferrals(
      Facts fleet, AuditStep.Answer answer, List<String> avoided) {
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
