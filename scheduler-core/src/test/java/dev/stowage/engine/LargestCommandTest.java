package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Bounds;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.CommandSamples;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the bounds of commands: a command within them can be recorded, and so can its answer. */
class LargestCommandTest {
  private final LifecycleState state =
      LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(-1));

  @Test
  void largestCommand_ofEveryKind_andItsAnswer_areRoomedByARecord() {
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      Command<?> largest = CommandSamples.of(kind, 1);
      assertThat(Lifecycle.isRefused(largest)).as("%s is refused", kind).isFalse();
      assertThat(length(new EngineRecords.Executed(Tick.of(Long.MAX_VALUE), largest)))
          .as("the record of %s", kind)
          .isLessThanOrEqualTo(EvidenceLog.MAX_PAYLOAD_BYTES);
      Lifecycle.Outcome<?> outcome =
          new Lifecycle(PlacementPlanner.sticky()).execute(state, largest, Tick.of(1));
      assertThat(length(EngineRecords.Answered.of(outcome)))
          .as("the answer to %s", kind)
          .isLessThanOrEqualTo(EvidenceLog.MAX_PAYLOAD_BYTES);
    }
  }

  @Test
  void command_largerThanItMayBe_isRefusedAndNamesWhatIsTooLarge() {
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      Command<?> larger = CommandSamples.of(kind, 1.05);
      if (!Lifecycle.isRefused(larger)) {
        assertThat(larger).as("of one size").isEqualTo(CommandSamples.of(kind, 1));
        continue;
      }
      if (kind == CommandKind.SCHEDULE || kind == CommandKind.PUBLISH) {
        assertThatThrownBy(() -> Lifecycle.refusal(state, larger))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(kind == CommandKind.PUBLISH ? "waiting has " : "advice has ");
        continue;
      }
      long before = state.digest();
      Result result =
          new Lifecycle(PlacementPlanner.sticky()).execute(state, larger, Tick.of(1)).result();
      assertThat(result.code()).isEqualTo(ResultCode.TOO_LARGE);
      assertThat(result.toString())
          .containsPattern("\\w+ has \\d+ \\w+; at most \\d+ are accepted");
      assertThat(state.digest()).isEqualTo(before);
    }
  }

  @Test
  void chunkAtFault_isRefusedAlone() {
    ProposedChunk fat = CommandSamples.chunks("fat", 1).get(0);
    ProposedChunk slim =
        new ProposedChunk(
            ChunkKey.of("d", "slim"), 0, 9, 1, fat.weight(), dev.stowage.model.Eligibility.ANY);
    List<String> labels = new java.util.ArrayList<>(fat.eligibility().requiredLabels().sorted());
    labels.add("one more");
    ProposedChunk tooFat =
        new ProposedChunk(
            ChunkKey.of("d", "fat"),
            20,
            29,
            1,
            fat.weight(),
            new dev.stowage.model.Eligibility(
                fat.eligibility().minVersion(), dev.stowage.model.Worker.Labels.copyOf(labels)));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    Result.Batch batch =
        lifecycle.execute(state, new Command.Ingest(List.of(slim, tooFat)), Tick.of(1)).result();
    assertThat(batch.items())
        .extracting(Result.Item::code)
        .containsExactly(ResultCode.ACCEPTED, ResultCode.TOO_LARGE);
    assertThat(batch.items().get(1).reasons())
        .containsExactly("required_labels has 257 labels; at most 256 are accepted");
    assertThat(
            lifecycle
                .execute(state, new Command.Offer(List.of(tooFat)), Tick.of(1))
                .result()
                .code())
        .isEqualTo(ResultCode.TOO_LARGE);
    assertThat(state.chunkCount()).isEqualTo(1);
  }

  @Test
  void lengthOfAChunk_isWhatItAddsToACommand() {
    for (ProposedChunk chunk : CommandSamples.chunks("c", 0.2)) {
      int alone = CommandCodec.toBytes(new Command.Ingest(List.of(chunk))).length;
      int empty = CommandCodec.toBytes(new Command.Ingest(List.of())).length;
      assertThat(CanonicalSize.of(Shape.of(ProposedChunk.class), chunk)).isEqualTo(alone - empty);
    }
  }

  @Test
  void nameBound_isThatOfNames() {
    String longest = CommandSamples.name("n", 1);
    assertThat(longest).hasSize(Bounds.NAME_CHARACTERS);
    assertThat(ChunkKey.of(longest, longest).id()).isEqualTo(longest);
    assertThatThrownBy(() -> ChunkKey.of("d", longest + "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int length(Object row) {
    CanonicalWriter payload = new CanonicalWriter();
    EngineRecords.ALL.write(row, payload);
    return payload.length();
  }
}
