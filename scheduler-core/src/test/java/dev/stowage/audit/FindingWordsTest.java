package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.Violation;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
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

  private static List<String> said(Consumer<FleetDraft> facts) {
    FleetDraft fleet = new FleetDraft();
    facts.accept(fleet);
    return Audit.check(fleet.snapshot()).stream().map(Violation::toString).toList();
  }

  private static List<String> saidOf(Consumer<FleetDraft.ReplicaDraft> facts) {
    return said(fleet -> {
      fleet.worker("w");
      fleet.chunk("a", 0, 9);
      facts.accept(fleet.replica("a", "w"));
    });
  }

  @Test
  void stampOutsideItsBounds_isNamedWithThem() {
    String of = "stamps are sane: d/a@w: ";
    assertThat(saidOf(r -> r.since(11))).containsExactly(of + "since 11 lies outside 0..10");
    assertThat(saidOf(r -> r.since(-1))).containsExactly(of + "since -1 lies outside 0..10");
    assertThat(saidOf(r -> r.since(0))).isEmpty();
    assertThat(saidOf(r -> r.since(10))).isEmpty();
    assertThat(saidOf(r -> r.since(5).superseded(4)))
        .containsExactly(of + "superseded at 4, before since 5");
    assertThat(saidOf(r -> r.since(5).superseded(11)))
        .containsExactly(of + "superseded at 11, beyond the newest assignment 10");
    assertThat(saidOf(r -> r.since(5).released(6)))
        .containsExactly(of + "released at 6 while assigned");
    assertThat(saidOf(r -> r.superseded(5).released(11)))
        .containsExactly(of + "released at 11, beyond the newest assignment 10");
    assertThat(saidOf(r -> r.superseded(5).released(6).named()))
        .contains(of + "released at 6 and still named by the newest portal assignment");
  }

  @Test
  void replicaOfWhatMayHaveNone_isNamedWithItsChunksState() {
    for (byte state : STATES.keySet()) {
      List<String> said =
          said(fleet -> {
            fleet.worker("w");
            FleetDraft.ChunkDraft chunk = fleet.chunk("a", 0, 9).state(state);
            if (state == ChunkColumns.DROPPED) {
              chunk.windowEnd(105);
            }
            fleet.replica("a", "w");
          });
      boolean mayHave = state >= ChunkColumns.ADMITTED && state != ChunkColumns.TOMBSTONE;
      String words = "stamps are sane: d/a@w: a replica of a chunk that is " + STATES.get(state);
      assertThat(said.contains(words)).as(STATES.get(state)).isEqualTo(!mayHave);
    }
  }

  @Test
  void chunkThatIsNotWhatItsStateSays_isNamed() {
    for (byte state : List.of(ChunkColumns.OFFERED, ChunkColumns.REJECTED)) {
      String words = "stamps are sane: d/a: established or marked while " + STATES.get(state);
      assertThat(said(fleet -> fleet.chunk("a", 0, 9).state(state))).containsExactly(words);
      assertThat(said(fleet -> fleet.chunk("a", 0, 9).brandNew().state(state).marked()))
          .containsExactly(words);
      assertThat(said(fleet -> fleet.chunk("a", 0, 9).brandNew().state(state))).isEmpty();
    }
    assertThat(said(fleet -> fleet.chunk("a", 0, 9).brandNew().marked())).isEmpty();
    FleetDraft fleet = new FleetDraft();
    fleet.chunk("a", 0, 9).brandNew();
    FleetSnapshot possessed = fleet.snapshot();
    assertThat(Audit.check(possessed)).isEmpty();
    possessed.chunks().everPossessed[0] = true;
    assertThat(Audit.check(possessed))
        .extracting(Violation::found)
        .containsExactly("possessed once, but no worker assignment ever named it");
  }

  @Test
  void idsBeyondTheNewest_areNamed() {
    assertThat(said(fleet -> fleet.worker("w").applied(11)))
        .containsExactly("stamps are sane: w: applied 11, beyond the newest assignment 10");
    assertThat(said(fleet -> fleet.worker("w").applied(10))).isEmpty();
    assertThat(said(fleet -> fleet.quorum(50, 11)))
        .containsExactly("stamps are sane: watermark: 11, beyond the newest assignment 10");
    assertThat(said(fleet -> fleet.quorum(50, 10))).isEmpty();
  }

  @Test
  void pendingSwap_whoseSideIsShownOrGone_isNamed() {
    assertThat(
            said(fleet -> {
              fleet.chunk("new", 0, 9);
              fleet.chunk("old", 0, 9).state(ChunkColumns.ADMITTED);
              fleet.swap(3, SwapColumns.PENDING, List.of("old"), List.of("new"));
            }))
        .containsExactly("swap atomicity: swap 3: d/new is visible before its swap has fired");
    assertThat(
            said(fleet -> {
              fleet.chunk("new", 0, 9).brandNew();
              fleet.chunk("old", 0, 9);
              fleet.swap(3, SwapColumns.PENDING, List.of("old"), List.of("new"));
            }))
        .isEmpty();
    assertThat(
            said(fleet -> {
              fleet.chunk("new", 0, 9).brandNew().marked();
              fleet.chunk("old", 0, 9);
              fleet.swap(3, SwapColumns.PENDING, List.of("old"), List.of("new"));
            }))
        .containsExactly(
            "swap atomicity: swap 3: d/new is being removed while the swap is pending");
    assertThat(
            said(fleet -> {
              fleet.chunk("new", 0, 9).brandNew();
              fleet.swap(3, SwapColumns.PENDING, List.of("gone"), List.of("new"));
            }))
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
            FleetDraft.ChunkDraft chunk = before.chunk("a", 0, 9).state(from);
            if (marked) {
              chunk.marked();
            }
            after.chunk("a", 0, 9).state(to);
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
    fleet.workers("w", "v");
    fleet.chunk("z", 50, 59).floor(1);
    fleet.chunk("a", 0, 9).brandNew().floor(2);
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
    fleet.workers("w", "v");
    fleet.chunk("a", 0, 9).brandNew().floor(1);
    fleet.chunk("old", 0, 9).floor(1);
    fleet.chunk("b", 10, 19).brandNew().floor(1);
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
            .by(new Command.Schedule(advice), Result.Answer.of(ResultCode.ACCEPTED));
    Findings findings = new Findings();
    new JustifiedDeferral().check(step, findings);
    return findings.asList().stream().map(Violation::found).toList();
  }
}
