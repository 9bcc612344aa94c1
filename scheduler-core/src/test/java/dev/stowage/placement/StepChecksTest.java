package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check fails on a plan that is broken in the way it looks for, and on no near miss. */
class StepChecksTest {
  private World world = new World();

  @BeforeEach
  void prepare() {
    world = Fleets.uniform(4, 4, 2, 75);
    world.complete(world.plan());
    world.chunk(10);
  }

  private void assertBroken(Step step, String what) {
    assertThat(StepChecks.violations(world, step)).anyMatch(found -> found.contains(what));
  }

  private Step sound() {
    Step step = Step.of(world.plan());
    assertThat(StepChecks.violations(world, step)).isEmpty();
    return step;
  }

  private int holder(int chunk) {
    return world.chunks.get(chunk).held.keySet().iterator().next();
  }

  private int stranger(int chunk) {
    int worker = 0;
    while (world.chunks.get(chunk).held.containsKey(worker)) {
      worker++;
    }
    return worker;
  }

  private void add(Step step, ActionKind kind, int chunk, int worker, Cause cause) {
    step.deeds.add(new Step.Deed(kind, chunk, worker, cause, -1));
    if (kind == ActionKind.ADD) {
      step.wanted.get(chunk).add(worker);
    } else {
      step.wanted.get(chunk).remove(worker);
    }
  }

  @Test
  void check_ofAWantedWorkerWithoutAction_fails() {
    Step step = sound();
    step.wanted.get(0).add(stranger(0));
    assertBroken(step, "is wanted on");
  }

  @Test
  void check_ofAnAdditionOfWhatIsHeld_fails() {
    Step step = sound();
    add(step, ActionKind.ADD, 0, holder(0), Cause.GROWTH);
    assertBroken(step, "does not fit what is held");
  }

  @Test
  void check_ofAnOvercommittedWorker_fails() {
    Step step = sound();
    int worker = stranger(0);
    for (int chunk = 0; chunk < 6; chunk++) {
      if (!step.wanted.get(chunk).contains(worker)) {
        add(step, ActionKind.ADD, chunk, worker, Cause.GROWTH);
      }
    }
    assertBroken(step, "worker " + worker + " holds");
  }

  @Test
  void check_ofAnAdditionToAWorkerThatTakesNothing_fails() {
    Step step = sound();
    int worker = stranger(0);
    add(step, ActionKind.ADD, 0, worker, Cause.GROWTH);
    world.alter(worker, it -> it.withStatus(dev.stowage.model.WorkerStatus.CORDONED));
    assertBroken(step, "added where it may not be");
  }

  @Test
  void check_ofAFloorThatFalls_fails() {
    Step step = sound();
    add(step, ActionKind.SUPERSEDE, 0, holder(0), Cause.SHED);
    assertBroken(step, "falls from 2 to 1");
    assertBroken(step, "short and not reported");
  }

  @Test
  void check_ofAHalfPlacedNewChunk_fails() {
    Step step = sound();
    int fresh = world.chunks.size() - 1;
    int worker = step.wanted.get(fresh).iterator().next();
    step.deeds.removeIf(deed -> deed.chunk() == fresh && deed.worker() == worker);
    step.wanted.get(fresh).remove(worker);
    assertBroken(step, "has 1 of 2");
  }

  @Test
  void check_ofAPreemptionBelowTheFloor_fails() {
    Step step = sound();
    add(step, ActionKind.PREEMPT, 0, holder(0), Cause.REPAIR);
    assertBroken(step, "preempting chunk 0");
    assertBroken(step, "makes room for nothing");
  }

  @Test
  void check_ofAMarkedChunkThatIsTouched_fails() {
    world.chunks.get(0).bits |= ChunkBits.PINNED;
    Step step = sound();
    add(step, ActionKind.ADD, 0, stranger(0), Cause.GROWTH);
    assertBroken(step, "a marked chunk is touched");
  }

  @Test
  void check_ofAPinnedPairTakenAway_fails() {
    Step step = sound();
    world.pins.add(new int[] {0, holder(0)});
    add(step, ActionKind.SUPERSEDE, 0, holder(0), Cause.BALANCE);
    assertBroken(step, "a pinned pair is taken away");
  }
}
