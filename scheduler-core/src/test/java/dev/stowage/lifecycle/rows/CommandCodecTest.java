package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.CommandSamples;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** A recorded command is the command. */
public class CommandCodecTest {
  @Tag("long-story")
  @Property(seed = "1")
  public void everyCommandOfAStory_comesBackEqual(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < 120; step++) {
      Command<?> command = story.next();
      byte[] bytes = CommandCodec.toBytes(command);
      assertThat(CommandCodec.fromBytes(bytes)).isEqualTo(command);
      assertThat(CommandCodec.toBytes(CommandCodec.fromBytes(bytes))).isEqualTo(bytes);
      lifecycle.execute(state, command, Tick.of(story.now()));
    }
  }

  @Test
  void whatIsInvalid_comesBackAsInvalidAsItWas() {
    ProposedChunk wrong =
        new ProposedChunk(ChunkKey.of("d", "c"), -5, -9, -1, OptionalInt.of(-3), Eligibility.ANY);
    Command<?> command = new Command.Ingest(List.of(wrong));
    assertThat(CommandCodec.fromBytes(CommandCodec.toBytes(command))).isEqualTo(command);
    Command<?> configure =
        new Command.Configure(
            Command.ANY_VERSION,
            LifecycleConfig.builder()
                .minReplication(-1)
                .confirmation(ConfirmationPolicy.quorum(101))
                .unchecked());
    assertThat(CommandCodec.fromBytes(CommandCodec.toBytes(configure))).isEqualTo(configure);
  }

  @Test
  void commandOfEveryKind_comesBack_andNothingMayFollowIt() {
    for (Command<?> command : CommandSamples.small()) {
      byte[] bytes = CommandCodec.toBytes(command);
      assertThat(CommandCodec.fromBytes(bytes)).isEqualTo(command);
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> CommandCodec.fromBytes(longer))
          .isInstanceOf(EvidenceException.Malformed.class);
    }
  }

  @Test
  void limitOfAWorker_isWritten_whateverItIs_butForTheDefault() {
    for (int limit : new int[] {-1, 0, 1, 7, Integer.MAX_VALUE - 1, Worker.UNLIMITED}) {
      Command.Describe said =
          new Command.Describe(
              WorkerId.of("w"),
              Shape.of(Worker.Description.class)
                  .with(Worker.Description.of(9, "z"), "max_replicas", limit));
      assertThat(CommandCodec.fromBytes(CommandCodec.toBytes(said))).isEqualTo(said);
    }
  }

  @Test
  void kind_thatNobodyHas_isRefused() {
    for (int number : new int[] {0, CommandKind.ALL.size() + 1, 255}) {
      byte[] bytes = {1, (byte) number};
      assertThatThrownBy(() -> CommandCodec.fromBytes(bytes))
          .isInstanceOf(EvidenceException.Malformed.class)
          .hasMessage(
              "byte 1: command kind is "
                  + number
                  + "; 1 to "
                  + CommandKind.ALL.size()
                  + " is accepted");
    }
  }

  @Test
  void advice_comesBack() {
    PlanningAdvice advice =
        new PlanningAdvice(
                List.of(
                    new PlanningAdvice.Intent(
                        ChunkKey.of("d", "c"), WorkerId.of("a"), WorkerId.of("b"))),
                List.of(WorkerId.of("z")),
                List.of(ChunkKey.of("d", "e")),
                5)
            .relieving(List.of(WorkerId.of("y")));
    Command<?> command = new LeaderCommand.Schedule(advice);
    assertThat(CommandCodec.fromBytes(CommandCodec.toBytes(command))).isEqualTo(command);
  }

  @Test
  void scores_comeBack_inTheirOrder() {
    PlanningAdvice advice =
        PlanningAdvice.NONE.withScores(
            List.of(
                score("c", "a", 5), score("c", "b", 0), score("e", "a", 7), score("c", "a", 9)));
    Command<?> command = new LeaderCommand.Schedule(advice);
    byte[] bytes = CommandCodec.toBytes(command);
    assertThat(CommandCodec.fromBytes(bytes)).isEqualTo(command);
    assertThat(CommandCodec.toBytes(CommandCodec.fromBytes(bytes))).isEqualTo(bytes);
  }

  @Test
  void cycleWithoutAdvice_hasNoFields() {
    assertThat(CommandCodec.toBytes(new LeaderCommand.Schedule()))
        .containsExactly(1, CommandKind.SCHEDULE.number(), 0);
  }

  @Test
  void scores_thatAreNotGroupedAsTheyAreWritten_areRefused() {
    PlanningAdvice one = PlanningAdvice.NONE.withScores(List.of(score("c", "a", 5)));
    byte[] bytes = CommandCodec.toBytes(new LeaderCommand.Schedule(one));
    byte[] none = Arrays.copyOf(bytes, 44);
    none[43] = 0;
    assertThatThrownBy(() -> CommandCodec.fromBytes(none))
        .isInstanceOf(EvidenceException.Malformed.class)
        .hasMessageContaining("grouped");
    byte[] tooGood = bytes.clone();
    tooGood[bytes.length - 4] = 1;
    assertThatThrownBy(() -> CommandCodec.fromBytes(tooGood))
        .isInstanceOf(EvidenceException.Malformed.class)
        .hasMessageContaining("micro-points");
  }

  private static PlanningAdvice.Score score(String chunk, String worker, int micros) {
    return new PlanningAdvice.Score(ChunkKey.of("d", chunk), WorkerId.of(worker), micros);
  }
}
