package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.WorkerId;
import org.junit.jupiter.api.Test;

/** Section 2 under a quorum policy: whom the watermark confirms, and from when on. */
class QuorumRulesTest {
  private static SmallWorld three(ConfirmationPolicy policy) {
    SmallWorld world = new SmallWorld(c -> c.confirmation(policy).gates(Gates.NONE));
    return world.workers(10, "a", "b", "c");
  }

  /** Three chunks, and three assignments; one more is placed by each. */
  private static SmallWorld placed(ConfirmationPolicy policy) {
    SmallWorld world = three(policy);
    for (int i = 0; i < 3; i++) {
      world.ingest("d/c" + i, 10L * i, 10L * i + 9);
      world.schedule();
    }
    return world;
  }

  private static boolean caughtUp(SmallWorld world, String worker) {
    return world.state.rows().build().workers().stream()
        .filter(row -> row.id().equals(WorkerId.of(worker)))
        .findFirst()
        .orElseThrow()
        .caughtUp();
  }

  private static void configure(SmallWorld world, ConfirmationPolicy policy) {
    LifecycleConfig config = world.state.config().toBuilder().confirmation(policy).build();
    assertThat(world.run(new Command.Configure(Command.ANY_VERSION, config)).isAccepted()).isTrue();
  }

  @Test
  void worker_hasCaughtUp_onceItHasAppliedTheWatermark() {
    SmallWorld world = placed(ConfirmationPolicy.quorum(50));
    world.applied("a", 3);
    world.applied("b", 2);
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(2);
    assertThat(caughtUp(world, "a")).isTrue();
    assertThat(caughtUp(world, "c")).isFalse();
    world.applied("c", 1);
    world.publish();
    assertThat(caughtUp(world, "c")).isFalse();
    world.applied("c", 2);
    world.publish();
    assertThat(caughtUp(world, "c")).isTrue();
  }

  @Test
  void policyThatBecomesAQuorum_asksWhoHasCaughtUp_anew() {
    SmallWorld world = placed(ConfirmationPolicy.perWorker());
    world.fetchAll();
    world.publish();
    assertThat(caughtUp(world, "a")).isTrue();
    LifecycleConfig wider = world.state.config().toBuilder().drainWindowTicks(9).unchecked();
    world.run(new Command.Configure(Command.ANY_VERSION, wider));
    assertThat(caughtUp(world, "a")).isTrue();
    configure(world, ConfirmationPolicy.quorum(50));
    assertThat(caughtUp(world, "a")).isFalse();
    world.fetchAll();
    world.publish();
    assertThat(caughtUp(world, "a")).isTrue();
    configure(world, ConfirmationPolicy.quorum(60));
    assertThat(caughtUp(world, "a")).isTrue();
    configure(world, ConfirmationPolicy.perWorker());
    assertThat(caughtUp(world, "a")).isTrue();
  }

  /** Its own word said more than the watermark does. */
  @Test
  void workerThatCatchesUp_isConfirmedByTheWatermark_fromThatCycleOn() {
    SmallWorld world = placed(ConfirmationPolicy.perWorker());
    world.applied("a", 3);
    world.applied("b", 2);
    world.applied("c", 2);
    world.publish();
    assertThat(world.routes("d/c2")).containsExactly("a");
    configure(world, ConfirmationPolicy.quorum(60));
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(2);
    assertThat(world.routes("d/c2")).containsExactly("a");
    world.applied("a", 3);
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c2"));
    assertThat(world.routes("d/c2")).isEmpty();
    world.applied("b", 3);
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(3);
    assertThat(world.routes("d/c2")).containsExactly("a", "b");
  }
}
