package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Section 8: a time that was set by hand, and silent workers that depart, judged step by step. */
class TimeIsTrustedTest {
  private static final LifecycleConfig GUARDED =
      LifecycleConfig.builder().departureGuard(0.5).departAfterTicks(900).build();

  private final FleetDraft before = new FleetDraft();
  private final FleetDraft after = before.another();

  // ---- a time that was set by hand ----

  /** The time was set to 100: of one lineage, or with another begun at 10; windows as said. */
  private void fleetResetAt100(boolean isOfTwoLineages, boolean isWindowLowered) {
    TreeMap<Tick, Command<?>> story = new TreeMap<>();
    LifecycleConfig config = LifecycleConfig.builder().drainWindowTicks(300).build();
    story.put(Tick.of(1), new LeaderCommand.Schedule());
    if (isOfTwoLineages) {
      story.put(Tick.of(10), new LeaderCommand.BeginLineage(Lineage.of(8)));
    }
    if (isWindowLowered) {
      LifecycleConfig lower = config.toBuilder().drainWindowTicks(5).build();
      story.put(Tick.of(20), new Command.Configure(Command.ANY_VERSION, lower));
    }
    story.put(Tick.of(30), new Command.ResetTime(Tick.of(100)));
    after.row(config, story);
  }

  private List<String> resetTo(long now) {
    return reset(now, Result.Answer.of(ResultCode.ACCEPTED));
  }

  private List<String> reset(long now, Result.Answer answer) {
    AuditStep step =
        new AuditStep(
            before.facts(), AuditStep.Kind.OTHER, AuditStep.Answer.at(now), after.facts());
    return found(step.by(new Command.ResetTime(Tick.of(now)), answer));
  }

  private static List<String> found(AuditStep step) {
    Findings findings = new Findings();
    new TimeIsTrusted().check(step, findings);
    List<String> words = new ArrayList<>();
    for (Violation violation : findings.asList()) {
      assertThat(violation.invariant()).isEqualTo(Invariant.BOUNDS_ARE_KEPT);
      words.add(violation.subject() + " " + violation.found());
    }
    return words;
  }

  @Test
  void fleet_inWhichNothingLiesAhead_isAsItShouldBe() {
    fleetResetAt100(true, true);
    after.add(
        "worker w seen=100 absent=SUSPECT@100; chunk a 0-9; copy a@w readableUntil=400 missing=100;"
            + " chunk b 10-19 state=DROPPED ended=400; chunk c 20-29 state=TOMBSTONE ended=100");
    assertThat(resetTo(100)).isEmpty();
  }

  @Test
  void largestTick_thatIsNotTheTimeSet_isFound() {
    fleetResetAt100(false, false);
    after.add("tick 101");
    assertThat(resetTo(100)).containsExactly("largest tick 101 after resetTime, but should be 100");
    after.add("tick 99");
    assertThat(resetTo(100)).containsExactly("largest tick 99 after resetTime, but should be 100");
  }

  @Test
  void reset_thatWasRefused_isNotJudged() {
    fleetResetAt100(false, false);
    after.add("tick 101");
    assertThat(reset(100, Result.Answer.of(ResultCode.INVALID))).isEmpty();
  }

  @Test
  void whatTheFleetItselfKeeps_thatLiesAhead_isFound() {
    fleetResetAt100(true, true);
    after.add("tick 99");
    assertThat(resetTo(99))
        .containsExactly(
            "silence counts since 100 after resetTime, but should be 99",
            "a lowered window counts until 400 after resetTime, but should be 399",
            "lineage 0000000000000008 begins at 100, later than the tick of resetTime, 99",
            "the pause of the lineage begins at 100 after resetTime, but should be 99");
  }

  @Test
  void fleetOfOneLineage_hasNoPauseThatBegins() {
    fleetResetAt100(false, false);
    after.add("tick 101");
    assertThat(resetTo(101))
        .containsExactly("silence counts since 100 after resetTime, but should be 101");
  }

  @Test
  void windows_ofReplicasAndChunks_runInFull_byTheWindowThatIs() {
    fleetResetAt100(false, false);
    after.add(
        "worker w; chunk a 0-9; copy a@w readableUntil=399; chunk b 10-19 state=DROPPED ended=401");
    assertThat(resetTo(100))
        .containsExactly(
            "d/a@w is readable until 399 after resetTime, but should be 400",
            "d/b ends at 401 after resetTime, but should be 400");
  }

  @Test
  void windows_thatEndExactlyWithTime_areNotCut() {
    TreeMap<Tick, Command<?>> story = new TreeMap<>();
    long last = Long.MAX_VALUE - 6;
    story.put(Tick.of(1), new Command.ResetTime(Tick.of(last)));
    LifecycleConfig config = LifecycleConfig.builder().drainWindowTicks(5).build();
    after.row(config, story).add("tick " + last);
    after.add("worker w; chunk a 0-9");
    after.add("copy a@w readableUntil=" + (Long.MAX_VALUE - 1));
    assertThat(resetTo(last)).isEmpty();
  }

  @Test
  void stampsThatLieAhead_areFound() {
    fleetResetAt100(false, false);
    after.add(
        "worker w seen=101 absent=SUSPECT@102; chunk a 0-9; copy a@w missing=103; chunk c 20-29"
            + " state=TOMBSTONE ended=104");
    assertThat(resetTo(100))
        .containsExactly(
            "d/a@w is missing since 103, later than the tick of resetTime, 100",
            "d/c ends at 104, later than the tick of resetTime, 100",
            "w was last seen at 101, later than the tick of resetTime, 100",
            "w is absent since 102, later than the tick of resetTime, 100");
  }

  // ---- departures ----

  private List<String> departing(AuditStep.Kind kind) {
    before.row(GUARDED);
    after.row(GUARDED);
    AuditStep.Answer answer = AuditStep.Answer.at(100);
    return found(new AuditStep(before.facts(), kind, answer, after.facts()));
  }

  private List<String> departing() {
    return departing(AuditStep.Kind.SCHEDULE);
  }

  private static String worker(String id, long capacity, String more) {
    return "worker " + id + " capacity=" + capacity + more;
  }

  private void stays(String id, long capacity) {
    before.add(worker(id, capacity, " in=of-" + id));
    after.add(worker(id, capacity, " in=of-" + id));
  }

  private void departs(String id, long capacity, String zone, WorkerRow.Departure how) {
    before.add(worker(id, capacity, " in=" + zone + " departure=" + how));
    after.add(worker(id, capacity, " status=DEPARTED in=" + zone));
  }

  private void departs(String id, long capacity) {
    departs(id, capacity, "of-" + id, WorkerRow.Departure.NONE);
  }

  private void wasGone(String id, long capacity, WorkerRow.Departure how, long since) {
    String more = " in=of-" + id + " departure=" + how + " absent=DEPARTED@" + since;
    before.add(worker(id, capacity, more));
    after.add(worker(id, capacity, more));
  }

  private static String departed(int workers, long gone, long all) {
    return "departure guard "
        + workers
        + " silent workers departed, with "
        + gone
        + " of "
        + all
        + " bytes of capacity; departure_guard_millionths is 500000";
  }

  @Test
  void many_thatDepartAtOnce_areFound_inBothCycles() {
    departs("a", 30);
    departs("b", 21);
    stays("c", 49);
    String words = departed(2, 51, 100);
    assertThat(departing()).containsExactly(words);
    assertThat(departing(AuditStep.Kind.PUBLISH)).containsExactly(words);
    assertThat(departing(AuditStep.Kind.PURGE)).isEmpty();
    assertThat(departing(AuditStep.Kind.OTHER)).isEmpty();
  }

  @Test
  void asMuchAsTheGuardLetsGo_mayDepart() {
    departs("a", 30);
    departs("b", 20);
    stays("c", 50);
    assertThat(departing()).isEmpty();
  }

  @Test
  void oneWorker_mayDepart_howeverLarge() {
    departs("a", 90);
    stays("c", 10);
    assertThat(departing()).isEmpty();
  }

  @Test
  void oneDomain_mayDepart_howeverLarge() {
    departs("a", 45, "z", WorkerRow.Departure.NONE);
    departs("b", 45, "z", WorkerRow.Departure.NONE);
    stays("c", 10);
    assertThat(departing()).isEmpty();
  }

  @Test
  void confirmedDepartures_areNotSilent_butCountAlong() {
    departs("a", 30, "x", WorkerRow.Departure.CONFIRMED);
    departs("b", 30, "y", WorkerRow.Departure.CONFIRMED);
    stays("c", 40);
    assertThat(departing()).isEmpty();
    assertThat(departing(AuditStep.Kind.PUBLISH)).hasSize(1); // no cycle that may carry them out
    departs("d", 1);
    assertThat(departing()).containsExactly(departed(3, 61, 101));
  }

  @Test
  void whoDepartedLately_countsAlong() {
    departs("a", 30);
    wasGone("b", 30, WorkerRow.Departure.BY_SILENCE, 100 - 900);
    stays("c", 40);
    assertThat(departing()).containsExactly(departed(2, 60, 100));
  }

  @Test
  void whoDepartedLongAgo_orByItsHost_countsNowhere() {
    departs("a", 40);
    wasGone("b", 100, WorkerRow.Departure.BY_SILENCE, 100 - 901);
    wasGone("d", 100, WorkerRow.Departure.NONE, 100);
    stays("c", 60);
    assertThat(departing()).isEmpty();
    departs("e", 21);
    assertThat(departing()).containsExactly(departed(2, 61, 121));
  }

  @Test
  void onlyThoseOfBefore_departNoNew_soNothingIsFound() {
    wasGone("a", 40, WorkerRow.Departure.BY_SILENCE, 90);
    wasGone("b", 40, WorkerRow.Departure.BY_SILENCE, 90);
    stays("c", 20);
    assertThat(departing()).isEmpty();
  }

  @Test
  void whoIsBack_countsAmongAll_notAmongTheGone() {
    departs("a", 30);
    departs("b", 30);
    before.add("worker d capacity=60 in=w departure=BY_SILENCE absent=DEPARTED@90");
    after.add("worker d capacity=60 in=w");
    assertThat(departing()).isEmpty();
  }

  @Test
  void whoseRowIsGone_countsAmongAll() {
    departs("a", 30);
    departs("b", 30);
    before.add("worker d capacity=60 in=w");
    assertThat(departing()).isEmpty();
  }

  @Test
  void fleetWithoutAGuard_letsEverybodyGo() {
    departs("a", 90);
    departs("b", 10);
    LifecycleConfig open = GUARDED.toBuilder().trust(LifecycleConfig.Trust.BLIND).build();
    before.row(open);
    after.row(open);
    AuditStep.Answer answer = AuditStep.Answer.at(100);
    assertThat(found(new AuditStep(before.facts(), AuditStep.Kind.SCHEDULE, answer, after.facts())))
        .isEmpty();
  }
}
