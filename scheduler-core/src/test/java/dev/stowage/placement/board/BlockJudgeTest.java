package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.Draws;
import dev.stowage.placement.Fleets;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.World;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.FlatInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Tests that the judgement of a block of chunks equals that of each chunk by itself. */
class BlockJudgeTest {
  /** Mostly chunks like any other, more than a block of them, and now and then a special one. */
  private static World mostlyAlike(Draws random) {
    World world = new World();
    world.floor = 1 + random.nextInt(3);
    world.config =
        PlacementConfig.builder()
            .factorMode(random.nextInt(5) == 0 ? FactorMode.SMOOTH : FactorMode.WHOLE)
            .spread(random.nextInt(5) == 0 ? Spread.ZONE : Spread.NONE)
            .build();
    int workers = 1 + random.nextInt(8);
    for (int i = 0; i < workers; i++) {
      boolean special = random.nextInt(12) == 0;
      world.workers.add(
          Fleets.worker(i, 1000 + random.nextInt(60_000))
              .withZone("z" + random.nextInt(3))
              .withStatus(special ? WorkerStatus.CORDONED : WorkerStatus.ACTIVE));
    }
    int oddOnes = random.nextInt(3) * random.nextInt(2);
    int chunks = random.nextInt(3000);
    boolean equal = random.nextBoolean();
    for (int i = 0; i < chunks; i++) {
      World.Piece piece = world.chunk(equal ? 10 : random.nextInt(20));
      piece.weight = 1 + i % 3 * 5;
      boolean fresh = random.nextInt(500) == 0;
      piece.bits = fresh ? 0 : World.SEEN;
      int holders = Math.min(workers, random.nextInt(50) == 0 ? 1 : world.floor);
      for (int k = 0; k < holders; k++) {
        piece.held.put((i + k) % workers, World.HELD);
      }
      if (random.nextInt(1000) < oddOnes) {
        special(piece, random);
      }
    }
    return world;
  }

  private static void special(World.Piece piece, Draws random) {
    switch (random.nextInt(7)) {
      case 0 -> piece.bits |= ChunkBits.PINNED;
      case 1 -> piece.bits |= ChunkBits.ENDING;
      case 2 -> piece.recentlyLost = 1;
      case 3 -> piece.size = Long.MAX_VALUE / 2;
      case 4 ->
          piece.eligibility =
              new Eligibility(new WorkerVersion(2, 0, 0), piece.eligibility.requiredLabels());
      case 5 -> piece.held.replaceAll((worker, bits) -> ReplicaBits.GIVEN_UP);
      default -> piece.held.replaceAll((worker, bits) -> ReplicaBits.SUPERSEDED);
    }
  }

  /** All that a look at every chunk says. */
  private record Findings(
      List<Byte> states,
      List<Integer> targets,
      List<Integer> goals,
      List<Long> free,
      List<Long> leftover,
      List<Long> ending,
      List<String> sums,
      List<Integer> leastQuiet) {}

  private static Findings look(World world, boolean inBlocks) {
    FlatInput input = world.flat();
    Fleet fleet = new Fleet(input);
    ReplicationTargets targets = ReplicationTargets.of(input, fleet);
    Board board = new Board(input, fleet, targets);
    Tally tally = new Tally(fleet.count, fleet.pools.length, targets.classes.size());
    Judge judge = new Judge(input, fleet, targets, new Aims(board.target, board.goal));
    byte[] states = new byte[board.chunks.count];
    if (inBlocks) {
      new BlockJudge(board, targets, judge).judge(states, tally);
    } else {
      for (int chunk = 0; chunk < states.length; chunk++) {
        states[chunk] = (byte) (judge.admit(chunk, tally) & Judge.MASK);
      }
    }
    return new Findings(
        IntStream.range(0, states.length).mapToObj(chunk -> states[chunk]).toList(),
        listed(board.target),
        listed(board.goal),
        IntStream.range(0, fleet.count)
            .mapToObj(worker -> tally.free(worker, fleet.capacity[worker]))
            .toList(),
        Arrays.stream(tally.leftover).boxed().toList(),
        Arrays.stream(tally.ending).boxed().toList(),
        Arrays.asList(
            tally.replicas + " replicas",
            Arrays.toString(tally.misplaced) + " misplaced",
            Arrays.toString(tally.misplacedWanted) + " misplaced and wanted",
            Arrays.stream(tally.demand.bytes).map(WideSum::value).toList().toString(),
            board.leastSize() + " least",
            board.catalogue.totalBytes() + " bytes"),
        IntStream.range(0, targets.classes.size()).mapToObj(tally::leastQuiet).toList());
  }

  @Property(seed = "1")
  void block_ofChunksLikeAnyOther_isJudgedLikeEachOfThem(@ForAll Draws draws) {
    World world = mostlyAlike(draws);
    assertThat(look(world, true)).isEqualTo(look(world, false));
  }

  @Test
  void catalogue_countedWithTheClasses_knowsWhatALookAtEveryChunkFinds() {
    for (long seed : LongStream.range(0, 20).toArray()) {
      World world = mostlyAlike(Draws.seeded(seed));
      FlatInput input = world.flat();
      Fleet fleet = new Fleet(input);
      Catalogue counted = new Board(input, fleet, ReplicationTargets.of(input, fleet)).catalogue;
      Catalogue looked = new Board(input, fleet).catalogue;
      assertThat(counted.leastSize()).isEqualTo(looked.leastSize());
      assertThat(counted.totalBytes()).isEqualTo(looked.totalBytes());
    }
  }

  private static List<Integer> listed(IntColumn column) {
    return IntStream.range(0, column.size()).mapToObj(column::get).toList();
  }
}
