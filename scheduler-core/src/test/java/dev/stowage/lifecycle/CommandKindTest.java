package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.CommandSamples;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandKindTest {
  private static final WorkerId WORKER = WorkerId.of("w");
  private static final ReportHeader HEADER =
      new ReportHeader(WORKER, Incarnation.of(1), Lineage.of(7), 1);

  @Test
  void kinds_areTheRecordsOfCommand() {
    assertThat(CommandKind.ALL)
        .extracting(Object::toString)
        .containsExactlyInAnyOrderElementsOf(
            Stream.<Class<?>>of(Command.class, LeaderCommand.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredClasses()))
                .filter(Command.class::isAssignableFrom)
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void samples_areOfEveryKind() {
    assertThat(CommandSamples.small().stream().<CommandKind<?, ?>>map(CommandKind::kindOf))
        .containsExactlyInAnyOrderElementsOf(CommandKind.ALL);
  }

  @Test
  void numbers_countTheRows() {
    for (int row = 0; row < CommandKind.ALL.size(); row++) {
      assertThat(CommandKind.ALL.get(row).number()).isEqualTo(row + 1);
    }
  }

  @Test
  void leader_aloneDecidesCyclesRetentionAndLineages() {
    assertThat(CommandKind.ALL.stream().filter(CommandKind::isLeadersOwn))
        .containsExactly(
            CommandKind.BEGIN_LINEAGE,
            CommandKind.ADMIT,
            CommandKind.SCHEDULE,
            CommandKind.PUBLISH,
            CommandKind.PURGE,
            CommandKind.RESET_TIME,
            CommandKind.CONFIRM_DEPARTURES,
            CommandKind.SET_ASIDE,
            CommandKind.AWAY,
            CommandKind.REPLACE);
  }

  @Test
  void concern_ofReportsIsTheirWorker() {
    Command<?> applied = new Command.Applied(HEADER, WorkerAssignmentId.of(1), List.of());
    assertThat(CommandKind.kindOf(applied).concern()).isEqualTo(CommandKind.Concern.WORKER);
    assertThat(CommandKind.kindOf(applied).worker(applied)).contains(WORKER);
    assertThat(CommandKind.kindOf(applied).chunks(applied)).isEmpty();
  }

  @Test
  void concern_ofChunksIsTheirDatasets() {
    Command<?> ingest =
        new Command.Ingest(
            List.of(
                SmallWorld.chunk("e/a", 0, 9),
                SmallWorld.chunk("d/a", 0, 9),
                SmallWorld.chunk("e/b", 10, 19)));
    assertThat(CommandKind.kindOf(ingest).concern()).isEqualTo(CommandKind.Concern.DATASETS);
    assertThat(CommandKind.kindOf(ingest).chunks(ingest)).hasSize(3);
    assertThat(CommandKind.kindOf(ingest).worker(ingest)).isEmpty();
  }

  @Test
  void concern_ofASwapIsTheFleet() {
    Command<?> swap =
        new Command.RegisterSwap(
            DatasetId.of("d"),
            List.of(ChunkKey.of("e", "old")),
            List.of(SmallWorld.chunk("d/new", 0, 9)),
            Coverage.SAME);
    assertThat(CommandKind.kindOf(swap).concern()).isEqualTo(CommandKind.Concern.FLEET);
    assertThat(CommandKind.kindOf(swap).chunks(swap))
        .containsExactly(ChunkKey.of("e", "old"), ChunkKey.of("d", "new"));
  }
}
