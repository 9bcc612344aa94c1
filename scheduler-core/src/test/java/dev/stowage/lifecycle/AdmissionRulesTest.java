package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Sections 5 and 6 of the lifecycle design: who is admitted, and what a swap is refused for. */
class AdmissionRulesTest {
  @Test
  void swapRejections_comeInTheirOrderOfPrecedence() {
    SmallWorld world = SmallWorld.of(1);
    world.ingest("d/a", 0, 9);
    world.ingest("d/b", 10, 19);
    world.ingest("d/g", 20, 29);
    world.ingest("e/x", 0, 9);
    world.offer("d/o", 60, 69);
    world.ingest("d/r", 70, 79);
    world.remove("d/r");
    world.swap("d", List.of("b"), SmallWorld.chunk("d/b2", 10, 19));

    assertThat(code(world, List.of(), "d/n", 0, 9)).isEqualTo(ResultCode.INVALID);
    assertThat(code(world, List.of("d/u", "d/u"), "d/n", 9, 0)).isEqualTo(ResultCode.INVALID);
    assertThat(code(world, List.of("e/x", "d/u"), "d/n", 0, 9)).isEqualTo(ResultCode.UNKNOWN_CHUNK);
    assertThat(code(world, List.of("d/o", "e/x"), "d/n", 0, 9))
        .isEqualTo(ResultCode.DATASET_MISMATCH);
    assertThat(code(world, List.of("d/r", "d/o"), "d/n", 0, 9)).isEqualTo(ResultCode.NOT_ADMITTED);
    assertThat(code(world, List.of("d/b", "d/r"), "d/n", 0, 9)).isEqualTo(ResultCode.BEING_REMOVED);
    assertThat(code(world, List.of("d/a", "d/b"), "d/g", 0, 9)).isEqualTo(ResultCode.HAS_SWAP);
    assertThat(code(world, List.of("d/a"), "d/g", 0, 25)).isEqualTo(ResultCode.DUPLICATE);
    assertThat(code(world, List.of("d/a"), "d/n", 0, 25)).isEqualTo(ResultCode.OVERLAP);
    assertThat(code(world, List.of("d/a"), "d/n", 0, 8)).isEqualTo(ResultCode.COVERAGE);
    assertThat(code(world, List.of("d/a"), "d/n", 0, 9)).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void compactionAcrossAGap_coversTheSameOnlyWithTheGap() {
    SmallWorld world = SmallWorld.of(1);
    world.ingest("d/a", 0, 9);
    world.ingest("d/b", 20, 29);
    assertThat(code(world, List.of("d/a", "d/b"), "d/n", 0, 29)).isEqualTo(ResultCode.COVERAGE);
    Result split =
        world.swap(
            "d", List.of("a", "b"), SmallWorld.chunk("d/n", 20, 29), SmallWorld.chunk("d/m", 0, 9));
    assertThat(split.code()).isEqualTo(ResultCode.ACCEPTED);
  }

  private static ResultCode code(
      SmallWorld world, List<String> old, String fresh, long first, long last) {
    return world
        .run(
            new Command.RegisterSwap(
                DatasetId.of("d"),
                old.stream().map(SmallWorld::key).toList(),
                List.of(
                    new ProposedChunk(
                        SmallWorld.key(fresh),
                        first,
                        last,
                        SmallWorld.MIB,
                        OptionalInt.empty(),
                        Eligibility.ANY)),
                Coverage.SAME))
        .code();
  }
}
