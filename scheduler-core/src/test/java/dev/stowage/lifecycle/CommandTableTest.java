package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private static final WorkerId WORKER = WorkerId.of("w");
  private static final ReportHeader HEADER =
      new ReportHeader(WORKER, Incarnation.of(1), Lineage.of(7), 1);

  private record Name(CommandKind<?, ?> kind, String word) implements CommandTable.Row {
    static Name of(CommandKind<?, ?> kind) {
      return new Name(kind, kind.toString());
    }
  }

  private static List<Name> everyName() {
    return new ArrayList<>(CommandKind.ALL.stream().map(Name::of).toList());
  }

  @Test
  void kinds_areTheRecordsOfCommand() {
    assertThat(CommandKind.ALL)
        .extracting(Object::toString)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Command.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void numbers_areInTheOrderOfTheTable() {
    TreeMap<Integer, String> numbers = new TreeMap<>();
    CommandKind.ALL.forEach(kind -> numbers.put(kind.number(), kind.toString()));
    assertThat(numbers.keySet()).first().isEqualTo(1);
    assertThat(numbers.values())
        .containsExactly(
            "Configure",
            "Ingest",
            "Offer",
            "RegisterSwap",
            "CancelSwap",
            "Remove",
            "Register",
            "Heartbeat",
            "Applied",
            "Lost",
            "Inventory",
            "Describe",
            "SetStatus",
            "Wish",
            "Unwish",
            "Freeze",
            "Unfreeze",
            "BeginLineage",
            "Admit",
            "Schedule",
            "Publish",
            "Purge",
            "Keep",
            "InventoryPart",
            "ResetTime",
            "ConfirmDepartures",
            "SetAside",
            "Away");
    assertThat(numbers.keySet()).as("without gaps").last().isEqualTo(numbers.size());
  }

  @Test
  void table_answersTheRowOfTheKind() {
    CommandTable<Name> table = new CommandTable<>(everyName());
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      assertThat(table.of(kind).word()).isEqualTo(kind.toString());
      assertThat(table.numbered(kind.number())).contains(table.of(kind));
    }
    assertThat(table.numbered(0)).isEmpty();
    assertThat(table.numbered(CommandKind.ALL.size() + 1)).isEmpty();
  }

  @Test
  void table_withoutAKind_isRefused() {
    List<Name> names = everyName();
    names.remove(CommandKind.ALL.indexOf(CommandKind.LOST));
    assertThatThrownBy(() -> new CommandTable<>(names))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("in a table of commands, Lost has no row");
  }

  @Test
  void table_withAKindTwice_isRefused() {
    List<Name> names = everyName();
    names.set(0, Name.of(CommandKind.PURGE));
    assertThatThrownBy(() -> new CommandTable<>(names))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("in a table of commands, Purge has two rows, Configure has no row");
  }

  @Test
  void command_isOfItsKindOnly() {
    Command<?> lost = new Command.Lost(HEADER, List.of());
    assertThat(CommandKind.LOST.of(lost)).isSameAs(lost);
    assertThatThrownBy(() -> CommandKind.APPLIED.of(lost)).isInstanceOf(ClassCastException.class);
  }

  @Test
  void answer_isOfTheKindOnly() {
    Result answer = Result.Answer.of(ResultCode.ACCEPTED);
    assertThat(CommandKind.APPLIED.answer(answer)).isSameAs(answer);
    assertThatThrownBy(() -> CommandKind.PURGE.answer(answer))
        .isInstanceOf(ClassCastException.class);
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
            CommandKind.AWAY);
  }

  @Test
  void everyDataset_isLockedByWhatMayDecideAboutAnyRange() {
    assertThat(lockedAs(CommandKind.Locks.EVERY_DATASET))
        .containsExactly(
            CommandKind.CANCEL_SWAP,
            CommandKind.BEGIN_LINEAGE,
            CommandKind.ADMIT,
            CommandKind.SCHEDULE,
            CommandKind.PUBLISH,
            CommandKind.PURGE,
            CommandKind.RESET_TIME,
            CommandKind.SET_ASIDE,
            CommandKind.AWAY);
    assertThat(lockedAs(CommandKind.Locks.NAMED_DATASETS))
        .containsExactly(
            CommandKind.INGEST, CommandKind.OFFER, CommandKind.REGISTER_SWAP, CommandKind.REMOVE);
  }

  private static List<CommandKind<?, ?>> lockedAs(CommandKind.Locks locks) {
    List<CommandKind<?, ?>> locked = new ArrayList<>();
    CommandKind.ALL.stream().filter(kind -> kind.locks() == locks).forEach(locked::add);
    return locked;
  }

  @Test
  void concern_ofReportsIsTheirWorker() {
    Command<?> applied = new Command.Applied(HEADER, WorkerAssignmentId.of(1), List.of());
    assertThat(applied.kind().concern()).isEqualTo(CommandKind.Concern.WORKER);
    assertThat(applied.kind().worker(applied)).contains(WORKER);
    assertThat(applied.kind().chunks(applied)).isEmpty();
    assertThat(applied.kind().datasets(applied)).isEmpty();
  }

  @Test
  void concern_ofChunksIsTheirDatasetsOnceEach() {
    Command<?> ingest =
        new Command.Ingest(
            List.of(
                SmallWorld.chunk("e/a", 0, 9),
                SmallWorld.chunk("d/a", 0, 9),
                SmallWorld.chunk("e/b", 10, 19)));
    assertThat(ingest.kind().concern()).isEqualTo(CommandKind.Concern.DATASETS);
    assertThat(ingest.kind().datasets(ingest))
        .containsExactly(DatasetId.of("e"), DatasetId.of("d"));
    assertThat(ingest.kind().chunks(ingest)).hasSize(3);
    assertThat(ingest.kind().worker(ingest)).isEmpty();
  }

  @Test
  void concern_ofASwapIsTheFleetAndItsOwnDatasetIsLocked() {
    Command<?> swap =
        new Command.RegisterSwap(
            DatasetId.of("d"),
            List.of(ChunkKey.of("e", "old")),
            List.of(SmallWorld.chunk("d/new", 0, 9)),
            Coverage.SAME);
    assertThat(swap.kind().concern()).isEqualTo(CommandKind.Concern.FLEET);
    assertThat(swap.kind().datasets(swap)).containsExactly(DatasetId.of("d"));
    assertThat(swap.kind().chunks(swap))
        .containsExactly(ChunkKey.of("e", "old"), ChunkKey.of("d", "new"));
  }
}
