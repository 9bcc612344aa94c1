package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.SmallWorld;
import dev.stowage.model.InvariantViolation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The audit of one step, as whoever runs a fleet asks for it. */
class AuditTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  @Test
  void step_thatWasTaken_isSound_andTheSameBackwardsIsNot() {
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    LifecycleSnapshot before = world.state.snapshot();
    Result.Published published = world.publish();
    LifecycleSnapshot after = world.state.snapshot();
    Command<?> publish = LeaderCommand.Publish.now();
    assertThat(Audit.checkStep(before, publish, published, after)).isEmpty();
    assertThat(Audit.checkStep(after, publish, published, before))
        .extracting(Violation::invariant)
        .contains(Invariant.VISIBILITY_IS_MONOTONE);
  }

  @Test
  void require_throwsWhatWasFound_andNothingForNothing() {
    Audit.require(List.of());
    List<Violation> two =
        List.of(
            new Violation(Invariant.RETENTION, "d/a", "one"),
            new Violation(Invariant.NO_OVERLAP, "d/b", "two"));
    assertThatThrownBy(() -> Audit.require(two))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("retention: d/a: one (and 1 more)");
  }
}
