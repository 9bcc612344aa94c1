package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An inventory in parts counts when all its parts were accepted, at whatever door and under
 * whatever leader, and not before. A backend extends this class, says how its store is opened, and
 * changes nothing else.
 */
public abstract class InventoryPartsContract extends TwoDoors {
  private static final WorkerId A = WorkerId.of("a");

  private List<ChunkNumber> held;

  /** Returns the chunk numbers of the largest inventory here, more than one report takes. */
  protected int most() {
    return 2 * Command.Bounds.NUMBERS + 7;
  }

  /** All is audited. */
  protected InventoryPartsContract() {
    super(AuditLevel.ALL);
  }

  @BeforeEach
  void fill() {
    for (int at = 0; at < 4; at++) {
      fleet.ingest(SmallFleet.chunk("c" + at, 10L * at));
    }
    fleet.settle();
    held = new ArrayList<>(fleet.disk("a"));
    held.sort(ChunkNumbers.ORDER);
    assertThat(held).hasSizeGreaterThan(1);
  }

  // ---- when it counts ----

  @Test
  void inventory_ofWhichAPartIsMissing_doesNotCount() {
    ReportHeader sending = departAndBegin();
    part(leader, sending, 2, 3, held.subList(0, 1));
    part(writer, sending, 3, 3, held.subList(1, held.size()));
    cycles();
    assertThat(slice().isInventoryWanted()).isTrue();
    part(writer, sending, 1, 3, List.of());
    cycles();
    assertThat(slice().isInventoryWanted()).isFalse();
    assertThat(slice().inventoryReport()).isEqualTo(sending.number());
    assertThat(numbersOf(slice())).containsAll(held);
  }

  @Test
  void inventory_inParts_isWhatOneReportSays() {
    ReportHeader sending = departAndBegin();
    List<ChunkNumber> found = new ArrayList<>(held.subList(1, held.size()));
    found.add(new ChunkNumber(Lineage.of(77), 5));
    part(writer, sending, 1, 2, found.subList(0, 1));
    part(leader, sending, 2, 2, found.subList(1, found.size()));
    cycles();
    assertThat(slice().keep()).containsExactly(new ChunkNumber(Lineage.of(77), 5));
    assertThat(leader.status(List.of(SmallFleet.key("c0"), SmallFleet.key("c1")))).hasSize(2);
    assertThat(missingOf("a")).containsExactly(held.get(0));
  }

  @Test
  void accepted_asAWhole_itCountsAtOnceForWhoAsks() {
    ReportHeader sending = departAndBegin();
    long before = possessed(writer);
    part(writer, sending, 1, 2, held.subList(1, held.size()));
    assertThat(possessed(writer)).isEqualTo(before);
    part(writer, sending, 2, 2, List.of());
    assertThat(possessed(writer)).isEqualTo(before - 1);
    leader.publish(fleet.now());
    assertThat(possessed(leader)).isEqualTo(before - 1);
    assertThat(possessed(writer)).isEqualTo(before - 1);
    lost(writer, held.get(1));
    assertThat(possessed(writer)).isEqualTo(before - 2);
  }

  @Test
  void firstPart_makesTheWorkerForgetItsSlice() {
    WorkerAssignmentId known = slice().id();
    ReportHeader sending = fleet.header("a");
    part(writer, sending, 1, 2, held);
    assertThat(leader.applied(fleet.header("a"), known, List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.INVENTORY_WANTED);
    cycles();
    assertThat(leader.applied(fleet.header("a"), known, List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.INVENTORY_WANTED);
    part(leader, sending, 2, 2, List.of());
    cycles();
    assertThat(leader.applied(fleet.header("a"), slice().id(), List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.ACCEPTED);
  }

  // ---- said again, out of order, in between ----

  @Test
  void part_saidAgain_changesNothing() {
    ReportHeader sending = departAndBegin();
    part(writer, sending, 2, 2, held);
    for (Stowage door : List.of(writer, leader)) {
      part(door, sending, 2, 2, held);
      part(door, sending, 2, 2, List.of());
    }
    cycles();
    assertThat(slice().isInventoryWanted()).isTrue();
    part(writer, sending, 1, 2, List.of());
    part(leader, sending, 1, 2, List.of());
    cycles();
    assertThat(missingOf("a")).isEmpty();
    long digest = SmallFleet.state(leader).digest();
    for (Stowage door : List.of(writer, leader)) {
      for (int place = 1; place <= 2; place++) {
        assertThat(door.inventoryPart(sending, place, 2, List.of(), fleet.now()).code())
            .as("the whole has counted")
            .isEqualTo(ResultCode.STALE);
      }
    }
    cycles();
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  @Test
  void part_thatSaysAnotherNumberOfParts_isInvalid() {
    ReportHeader sending = departAndBegin();
    part(writer, sending, 1, 2, held);
    for (Stowage door : List.of(writer, leader)) {
      Result.Answer answer = door.inventoryPart(sending, 2, 3, List.of(), fleet.now());
      assertThat(answer.code()).isEqualTo(ResultCode.INVALID);
      assertThat(answer.reasons().toString()).contains("3").contains("2");
    }
  }

  @Test
  void inventory_ofMorePartsThanAreAccepted_isTooLargeAtBothDoors() {
    List<ChunkNumber> far = counted(Command.Bounds.PARTS * Command.Bounds.NUMBERS + 1);
    for (Stowage door : List.of(writer, leader)) {
      Result.Answer answer = door.inventory(fleet.header("a"), far, fleet.now());
      assertThat(answer.code()).isEqualTo(ResultCode.TOO_LARGE);
      assertThat(answer.reasons().toString()).contains("of").contains("101");
    }
    cycles();
  }

  @Test
  void firstPart_ofAnotherSending_dropsWhatCameBefore() {
    ReportHeader first = departAndBegin();
    part(writer, first, 1, 2, held);
    ReportHeader second = fleet.header("a");
    part(writer, second, 2, 2, held.subList(0, 1));
    assertThat(writer.inventoryPart(first, 2, 2, List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.STALE);
    cycles();
    assertThat(leader.inventoryPart(first, 2, 2, List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.STALE);
    assertThat(slice().isInventoryWanted()).isTrue();
    part(leader, second, 1, 2, List.of());
    cycles();
    assertThat(slice().inventoryReport()).isEqualTo(second.number());
    assertThat(missingOf("a")).containsExactlyElementsOf(held.subList(1, held.size()));
  }

  @Test
  void wholeInventory_dropsThePartsBeforeIt() {
    ReportHeader sending = departAndBegin();
    part(writer, sending, 1, 2, held);
    ReportHeader whole = fleet.header("a");
    assertThat(writer.inventory(whole, held, fleet.now()).isAccepted()).isTrue();
    cycles();
    assertThat(slice().inventoryReport()).isEqualTo(whole.number());
    assertThat(leader.inventoryPart(sending, 2, 2, List.of(), fleet.now()).code())
        .isEqualTo(ResultCode.STALE);
    cycles();
    assertThat(missingOf("a")).isEmpty();
  }

  @Test
  void registration_ofTheKnownDisk_dropsPartsAndMakesWhatIsOnTheWayStale() {
    ReportHeader sending = departAndBegin();
    part(writer, sending, 1, 2, held);
    ReportHeader onTheWay = fleet.header("a");
    SmallFleet others = new SmallFleet(writer);
    assertThat(others.now()).isPositive();
    Result.Registered again = writer.register(A, "disk of a", fleet.now());
    assertThat(again.inventoryWanted()).isTrue();
    assertThat(again.lastReport()).isGreaterThan(onTheWay.number());
    for (Stowage door : List.of(writer, leader)) {
      assertThat(door.inventoryPart(sending, 2, 2, List.of(), fleet.now()).code())
          .isEqualTo(ResultCode.STALE);
      assertThat(door.inventoryPart(onTheWay, 1, 1, List.of(), fleet.now()).code())
          .isEqualTo(ResultCode.STALE);
    }
    cycles();
    assertThat(slice().isInventoryWanted()).isTrue();
    fleet.register("a");
    ReportHeader anew = fleet.header("a");
    part(writer, anew, 1, 1, held);
    cycles();
    assertThat(missingOf("a")).isEmpty();
    assertThat(slice().inventoryReport()).isEqualTo(anew.number());
  }

  // ---- losses between parts ----

  @Test
  void loss_acceptedAfterTheWhole_standsAgainstIt() {
    ReportHeader sending = departAndBegin();
    part(writer, sending, 1, 2, held);
    part(writer, sending, 2, 2, List.of());
    lost(writer, held.get(0));
    leader.publish(fleet.now());
    cycles();
    assertThat(missingOf("a")).containsExactly(held.get(0));
  }

  // ---- leaders come and go ----

  @Test
  void parts_surviveATakeoverAtEachPoint() {
    ReportHeader sending = departAndBegin();
    for (int place = 1; place <= 4; place++) {
      part(place % 2 == 0 ? leader : writer, sending, place, 4, place == 3 ? held : List.of());
      takeOver();
    }
    cycles();
    assertThat(slice().inventoryReport()).isEqualTo(sending.number());
    assertThat(missingOf("a")).isEmpty();
    leader.schedule(fleet.now());
    takeOver();
    assertThat(slice().isInventoryWanted()).isFalse();
  }

  // ---- large ----

  @Test
  void inventory_tooLargeForOneReport_isSplitByTheFacade() {
    ReportHeader sending = departAndBegin();
    List<ChunkNumber> far = counted(most());
    assertThat(writer.inventory(sending, far, fleet.now()).isAccepted()).isTrue();
    assertThat(writer.inventory(sending, far, fleet.now()).isAccepted()).as("again").isTrue();
    takeOver();
    cycles();
    assertThat(slice().inventoryReport()).isEqualTo(sending.number());
    assertThat(slice().keep()).hasSize(most() - held.size());
    assertThat(missingOf("a")).isEmpty();
    assertThat(leader.heartbeat(fleet.header("a"), fleet.now()).isAccepted()).isTrue();
    takeOver();
    assertThat(slice().keep()).hasSize(most() - held.size());
  }

  // ---- what the tests are made of ----

  /** The chunks that the worker holds, and others that no store knows, far apart. */
  private List<ChunkNumber> counted(int count) {
    return new AbstractList<>() {
      @Override
      public ChunkNumber get(int index) {
        return index < held.size()
            ? held.get(index)
            : new ChunkNumber(Lineage.of(77), 1 + 3L * index);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  /** Worker a owes an inventory; the number of it. */
  private ReportHeader departAndBegin() {
    leader.setStatus(A, WorkerStatus.DEPARTED, fleet.now());
    fleet.register("a");
    return fleet.header("a");
  }

  private void part(
      Stowage door, ReportHeader sending, int place, int of, List<ChunkNumber> chunks) {
    assertThat(door.inventoryPart(sending, place, of, chunks, fleet.now()).code())
        .as("part %s of %s", place, of)
        .isEqualTo(ResultCode.ACCEPTED);
  }

  private void lost(Stowage door, ChunkNumber chunk) {
    assertThat(door.lost(fleet.header("a"), List.of(chunk), fleet.now()).isAccepted()).isTrue();
  }

  private void cycles() {
    leader.schedule(fleet.now());
    leader.publish(fleet.now());
    assertThat(leader.audit()).isEmpty();
  }

  private void takeOver() {
    fixture.expireLease();
    leader = facade("next");
    fleet.through(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
  }

  private WorkerSlice slice() {
    return leader.fleet().slice(A).orElseThrow();
  }

  private static List<ChunkNumber> numbersOf(WorkerSlice slice) {
    return slice.entries().stream().map(entry -> entry.number()).toList();
  }

  /** Returns the missing chunks of a worker according to the books. */
  private List<ChunkNumber> missingOf(String worker) {
    var books = SmallFleet.state(leader);
    int position = books.workerPosition(WorkerId.of(worker));
    List<ChunkNumber> missing = new ArrayList<>();
    for (ChunkNumber number : held) {
      int slot = books.findReplica(books.chunkPosition(number), position);
      if (slot >= 0 && books.missingSince(slot) >= 0) {
        missing.add(number);
      }
    }
    return missing;
  }

  private long possessed(Stowage asked) {
    List<ChunkKey> keys = new ArrayList<>();
    for (int at = 0; at < 4; at++) {
      keys.add(SmallFleet.key("c" + at));
    }
    return asked.status(keys).stream().mapToLong(status -> status.possessed()).sum();
  }
}
