package dev.stowage.lifecycle;

import static dev.stowage.lifecycle.SmallWorld.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Section 9 of the lifecycle design, {@code maxChunksPerCycle}: what one cycle places and shows.
 */
class CycleBoundTest {
  private static final List<String> FIVE = List.of("d/a", "d/b", "d/c", "d/e", "d/f");

  private static SmallWorld bounded(long most) {
    return new SmallWorld(c -> c.maxChunksPerCycle(most)).workers(100, "u", "v", "w");
  }

  private static void ingest(SmallWorld world, List<String> paths) {
    for (int index = 0; index < paths.size(); index++) {
      world.ingest(paths.get(index), 10L * index, 10L * index + 9);
    }
  }

  private static void lift(SmallWorld world, long most) {
    LifecycleConfig config = world.state.config().toBuilder().maxChunksPerCycle(most).build();
    assertThat(world.run(new Command.Configure(Command.ANY_VERSION, config)).isAccepted()).isTrue();
  }

  private static long placed(SmallWorld world, List<String> paths) {
    return paths.stream().filter(path -> !world.holders(path).isEmpty()).count();
  }

  private static void assertIdle(SmallWorld world) {
    assertThat(world.schedule().changed()).isFalse();
    assertThat(world.publish().changed()).isFalse();
  }

  /** Growth in the first part would be taken back for the floors of the last. */
  @Test
  void partOfTheNewChunks_getsItsFloorsAlone_andTheLastPartLetsAllGrow() {
    SmallWorld world =
        new SmallWorld(
                c -> c.minReplication(1).maxReplication(WeightPolicy.UNCAPPED).maxChunksPerCycle(2))
            .workers(4, "u", "v", "w");
    ingest(world, FIVE);
    for (int placed = 2; placed < FIVE.size(); placed += 2) {
      Result.Scheduled part = world.schedule();
      assertThat(part.more()).isTrue();
      assertThat(part.movement().added()).isEqualTo(2);
      assertThat(part.budget().bytes()).isZero();
    }
    Result.Scheduled last = world.schedule();
    assertThat(last.more()).isFalse();
    assertThat(last.budget().heldBytes()).isZero();
    assertThat(last.movement().added()).isGreaterThan(1);
    assertThat(last.movement().superseded()).isZero();
    FIVE.forEach(path -> assertThat(world.holders(path)).hasSizeGreaterThan(1));
    world.settle();
    assertIdle(world);
  }

  /** The first two are stuck for ever, and the others are considered nevertheless. */
  @Test
  void chunksThatFindNoPlace_keepNoOtherFromOne() {
    SmallWorld world = bounded(2);
    world.ingest("d/a", 0, 9, 1_000 * SmallWorld.MIB);
    world.ingest("d/b", 10, 19, 1_000 * SmallWorld.MIB);
    world.ingest("d/c", 20, 29);
    world.ingest("d/e", 30, 39);
    world.ingest("d/f", 40, 49);
    Result.Scheduled first = world.schedule();
    assertThat(first.unplaced()).isEqualTo(5);
    assertThat(first.more()).isTrue();
    world.schedule();
    assertThat(placed(world, FIVE)).isEqualTo(2);
    Result.Scheduled last = world.schedule();
    assertThat(placed(world, FIVE)).isEqualTo(3);
    assertThat(last.unplaced()).isEqualTo(2);
    assertThat(last.more()).isFalse();
    assertThat(last.deferred()).hasSize(2);
  }

  @Test
  void asManyAsTheBound_arePlacedAtOnce() {
    SmallWorld world = bounded(5);
    ingest(world, FIVE);
    Result.Scheduled cycle = world.schedule();
    assertThat(cycle.more()).isFalse();
    assertThat(placed(world, FIVE)).isEqualTo(5);
  }

  @Test
  void chunksBeyondTheBound_areShownByTheNextCycles_inCanonicalOrder() {
    SmallWorld world = bounded(LifecycleConfig.UNLIMITED);
    ingest(world, FIVE);
    world.schedule();
    world.fetchAll();
    lift(world, 2);
    Result.Published first = world.publish();
    assertThat(first.more()).isTrue();
    assertThat(first.promoted()).containsExactly(SmallWorld.key("d/a"), SmallWorld.key("d/b"));
    assertThat(world.publish().promoted())
        .containsExactly(SmallWorld.key("d/c"), SmallWorld.key("d/e"));
    Result.Published last = world.publish();
    assertThat(last.more()).isFalse();
    assertThat(last.promoted()).containsExactly(SmallWorld.key("d/f"));
    assertIdle(world);
  }

  @Test
  void swapThatIsLargerThanTheBound_isPlacedAndFiresAlone() {
    SmallWorld world = bounded(2);
    world.ingest("d/old", 0, 29);
    world.settle();
    world.swap("d", List.of("old"), chunk("d/x", 0, 9), chunk("d/y", 10, 19), chunk("d/z", 20, 29));
    world.ingest("d/later", 30, 39);
    assertThat(world.schedule().more()).isTrue();
    assertThat(placed(world, List.of("d/x", "d/y", "d/z"))).isEqualTo(3);
    assertThat(world.holders("d/later")).isEmpty();
    assertThat(world.schedule().more()).isFalse();
    world.fetchAll();
    Result.Published cycle = world.publish();
    assertThat(cycle.fired()).hasSize(1);
    assertThat(cycle.promoted()).hasSize(3);
    assertThat(cycle.more()).isTrue();
    assertThat(world.visible("d")).doesNotContain("old");
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/later"));
  }

  /** In canonical order the chunk that rests on the other swap comes first. */
  @Test
  void newSideThatRestsOnAnother_isPlacedWithIt() {
    SmallWorld world = bounded(1);
    world.ingest("d/old", 0, 9);
    world.settle();
    world.swap("d", List.of("old"), chunk("d/p", 0, 9));
    world.swap("d", List.of("p"), chunk("d/b", 0, 9));
    assertThat(world.run(new LeaderCommand.Schedule()).minted()).isPresent();
    assertThat(placed(world, List.of("d/p", "d/b"))).isEqualTo(2);
    world.settle();
    assertThat(world.visible("d")).containsExactly("b");
    assertIdle(world);
  }

  @Test
  void newSideThatRestsOnAnother_isConsideredBehindIt() {
    SmallWorld world = bounded(1);
    world.ingest("d/old", 0, 9);
    world.settle();
    world.swap("d", List.of("old"), chunk("d/p", 0, 9));
    world.swap("d", List.of("p"), chunk("d/b", 0, 9));
    assertThat(world.schedule().more()).isTrue();
    assertThat(world.holders("d/b")).isEmpty();
    assertThat(placed(world, List.of("d/p"))).isEqualTo(1);
    assertThat(world.schedule().more()).isFalse();
    assertThat(placed(world, List.of("d/b"))).isEqualTo(1);
  }

  @Test
  void swapBeyondTheBound_waitsAsAWhole_andKeepsItsOldSide() {
    SmallWorld world = bounded(LifecycleConfig.UNLIMITED);
    world.ingest("d/m", 0, 19);
    world.ingest("d/n", 20, 39);
    world.settle();
    world.swap("d", List.of("m"), chunk("d/m1", 0, 9), chunk("d/m2", 10, 19));
    world.swap("d", List.of("n"), chunk("d/n1", 20, 29), chunk("d/n2", 30, 39));
    world.schedule();
    world.fetchAll();
    lift(world, 3);
    assertThat(world.publish().more()).isTrue();
    assertThat(world.visible("d")).containsExactlyInAnyOrder("m1", "m2", "n");
    assertThat(world.publish().more()).isFalse();
    assertThat(world.visible("d")).containsExactlyInAnyOrder("m1", "m2", "n1", "n2");
  }

  /** Whatever the bound, everything ends where it would have ended, and no cycle does more. */
  @Test
  void anyBound_endsInTheSameRoutes() {
    Set<Set<String>> ends =
        new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
    for (long most : new long[] {1, 2, 3, 7, LifecycleConfig.UNLIMITED}) {
      SmallWorld world = bounded(most);
      ingest(world, FIVE);
      int rounds = 0;
      while (world.visible("d").size() < FIVE.size()) {
        int before = world.visible("d").size();
        world.schedule();
        world.fetchAll();
        world.publish();
        assertThat(world.visible("d").size() - before).isBetween(1, (int) Math.min(5, most));
        assertThat(++rounds).isLessThan(6);
      }
      world.settle();
      ends.add(new TreeSet<>(world.visible("d")));
    }
    assertThat(ends).hasSize(1);
  }
}
