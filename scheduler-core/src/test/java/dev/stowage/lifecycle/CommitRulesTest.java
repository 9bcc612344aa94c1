package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Section 3 of the lifecycle design: a plan is carried out on the state as it is at commit. */
class CommitRulesTest {
  @Test
  void emptyPlan_doesNotHideWhatCameWhileItWasMade() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.ingest("d/e", 10, 19);
    world.remove("d/e");
    applied(world, it -> it.ingest("d/f", 20, 29));
    world.schedule();
    assertThat(world.holders("d/f")).containsExactly("a");
  }

  @Test
  void newSideOfASwap_isStruckAsAWhole_andWhatRestsOnIt() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.swap("d", List.of("c"), sized("d/n1", 0, 4, 6), sized("d/n2", 5, 9, 6));
    world.swap("d", List.of("n1"), sized("d/o", 0, 4, 1));
    Result.Scheduled cycle = applied(world, it -> it.status("a", WorkerStatus.CORDONED));
    assertThat(world.holders("d/n1")).isEmpty();
    assertThat(world.holders("d/n2")).isEmpty();
    assertThat(world.holders("d/o")).isEmpty();
    assertThat(cycle.struck()).isEqualTo(3);
  }

  /** A cycle whose plan is made before {@code meanwhile} happens, and carried out after it. */
  static Result.Scheduled applied(SmallWorld world, Consumer<SmallWorld> meanwhile) {
    Tick now = Tick.of(world.now);
    CyclePlan from = world.lifecycle.prepare(world.state, PlanningAdvice.NONE, now).orElseThrow();
    from.plan();
    meanwhile.accept(world);
    Lifecycle.Outcome<Result.Scheduled> outcome =
        world.lifecycle.decide(world.state, from.command(), from, now);
    assertThat(world.state.digest()).isEqualTo(world.state.fullDigest());
    return outcome.result();
  }

  private static ProposedChunk sized(String path, long first, long last, long mib) {
    return ProposedChunk.of(
        Chunk.of(SmallWorld.key(path), BlockRange.of(first, last), mib * SmallWorld.MIB));
  }
}
