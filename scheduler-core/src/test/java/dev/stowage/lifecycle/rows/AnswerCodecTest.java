package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** An answer that is kept is the answer, but for the numbers of chunks. */
class AnswerCodecTest {
  private static final ChunkKey KEY = ChunkKey.of("d", "水\"");
  private static final List<String> REASONS = List.of("why", "");

  /** An answer of every type, with each field at its default and not. */
  private static final List<Result> ANSWERS =
      List.of(
          Result.Answer.of(ResultCode.ACCEPTED),
          new Result.Answer(ResultCode.INVALID, REASONS),
          new Result.Versioned(ResultCode.CONFLICT, Long.MAX_VALUE, REASONS),
          new Result.Batch(List.of(), Long.MAX_VALUE),
          new Result.Batch(
              List.of(
                  new Result.Item(KEY, ResultCode.ACCEPTED, null, null, List.of(), null),
                  new Result.Item(KEY, ResultCode.OVERLAP, null, KEY, REASONS, Tick.of(3)))),
          new Result.SwapRegistered(ResultCode.ACCEPTED, 7, null, List.of(), null),
          new Result.SwapRegistered(ResultCode.OVERLAP, 0, KEY, REASONS, Tick.of(3)),
          new Result.SwapCancelled(ResultCode.CANCELLED, List.of(1L, Long.MAX_VALUE), List.of("a")),
          new Result.CarriedOut(
              ResultCode.PLAN_CHANGED,
              "0f",
              List.of(Result.Answer.of(ResultCode.OVERLAP)),
              REASONS),
          new Result.Registered(
              ResultCode.ACCEPTED, Incarnation.of(2), Lineage.of(-3), 4, true, REASONS));

  @Test
  void answerOfEachType_comesBackEqual() {
    for (Result answer : ANSWERS) {
      assertThat(AnswerCodec.fromBytes(AnswerCodec.toBytes(answer))).isEqualTo(answer);
    }
  }

  @Property(seed = "1", tries = 20)
  void answersOfAStory_comeBackEqual(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < 120; step++) {
      Command<?> command = story.next();
      Result answer = lifecycle.execute(state, command, Tick.of(story.now())).result();
      if (!CommandKind.kindOf(command).isLeadersOwn()) {
        Result kept = AnswerCodec.fromBytes(AnswerCodec.toBytes(answer));
        assertThat(kept).isEqualTo(withoutNumbers(answer));
      }
    }
  }

  private static Result withoutNumbers(Result answer) {
    return answer instanceof Result.Batch batch
        ? new Result.Batch(
            batch.items().stream()
                .map(it ->
                    new Result.Item(
                        it.key(), it.code(), null, it.winner(), it.reasons(), it.freeFrom()))
                .toList(),
            batch.retryAfterNanos())
        : answer;
  }

  @Test
  void numberOfAChunk_isNotKept() {
    ChunkNumber number = new ChunkNumber(Lineage.of(1), 1);
    Result given =
        new Result.Batch(
            List.of(new Result.Item(KEY, ResultCode.ACCEPTED, number, null, List.of(), null)));
    assertThat(AnswerCodec.fromBytes(AnswerCodec.toBytes(given))).isEqualTo(withoutNumbers(given));
  }

  @Property(seed = "1")
  void damagedBytes_areMalformed_orAnotherAnswer(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Result answer : ANSWERS) {
      byte[] bytes = AnswerCodec.toBytes(answer);
      byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(2) * random.nextInt(3));
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        Result read = AnswerCodec.fromBytes(damaged);
        assertThat(AnswerCodec.fromBytes(AnswerCodec.toBytes(read))).isEqualTo(read);
      } catch (EvidenceException.Malformed refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void answerOfACycle_isNotKept() {
    LifecycleState state = LifecycleState.empty(RandomStory.config(1), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    Result cycle = lifecycle.execute(state, new LeaderCommand.Schedule(), Tick.of(1)).result();
    assertThatThrownBy(() -> AnswerCodec.toBytes(cycle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("those of a cycle are not kept");
  }
}
