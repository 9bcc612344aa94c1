package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract of size bounds: a command larger than evidence and stores accept stops nothing. It
 * is refused at both doors, with equal answers, before any part of it is durable. A backend extends
 * this class, opens its store, and changes nothing else.
 */
public abstract class BoundsContract extends TwoDoors {
  private static final int LONG_NAME = 500;

  /** Audits would go through all of it after each command. */
  protected BoundsContract() {
    super(AuditLevel.OFF);
  }

  @BeforeEach
  void fill() {
    fleet.ingest(SmallFleet.chunk("c1", 0)).settle();
  }

  // ---- the commands that poisoned a fleet ----

  @Test
  void diskId_ofSeventeenMegabytes_isRefusedAtBothDoors() {
    refusedAtBothDoors(
        new Command.Register(WorkerId.of("a"), "x".repeat(17_000_000)), "disk_id", "17000000");
  }

  /** Longer than any computer could look through in the time of a command. */
  @Test
  void listsOfTwoThousandMillion_areRefusedAtBothDoors_withoutALook() {
    List<ChunkNumber> numbers = endless(new ChunkNumber(SmallFleet.state(leader).lineage(), 1));
    List<ChunkKey> keys = endless(SmallFleet.key("c1"));
    List<Chunk> chunks = endless(SmallFleet.chunk("c2", 50));
    List<ProposedChunk> proposed = endless(ProposedChunk.of(SmallFleet.chunk("c2", 50)));
    var newest = leader.fleet().slice(WorkerId.of("a")).orElseThrow().id();
    String many = Integer.toString(Integer.MAX_VALUE);
    answersTooLarge(new Command.Lost(fleet.header("a"), numbers), "chunks", many);
    answersTooLarge(new Command.Applied(fleet.header("a"), newest, numbers), "missing", many);
    answersTooLarge(new Command.Inventory(fleet.header("a"), numbers), "chunks", many);
    answersTooLarge(new Command.InventoryPart(fleet.header("a"), 1, 2, numbers), "chunks", many);
    Result confirmed = leader.confirmDepartures(endless(WorkerId.of("a")), fleet.now());
    assertThat(confirmed.code()).isEqualTo(ResultCode.TOO_LARGE);
    assertThat(confirmed.toString()).contains("workers").contains(many);
    answersTooLarge(
        new Command.RegisterSwap(SmallFleet.dataset(), keys, proposed, Coverage.SAME),
        "old_chunks",
        many);
    for (Stowage door : List.of(leader, writer)) {
      Result.SwapRegistered swapped =
          door.swap(SmallFleet.dataset(), List.of(SmallFleet.key("c1")), chunks, fleet.now());
      assertThat(swapped.code()).isEqualTo(ResultCode.TOO_LARGE);
      assertThat(swapped.reasons().toString()).contains("new_chunks has 2147483647 chunks");
      assertThat(door.inventory(fleet.header("a"), numbers, fleet.now()).code())
          .isEqualTo(ResultCode.TOO_LARGE);
      // These have an answer for each element.
      assertTooLong(() -> door.ingest(chunks, fleet.now()));
      assertTooLong(() -> door.offer(chunks, fleet.now()));
      assertTooLong(() -> door.status(keys));
    }
    assertTooLong(() -> new Command.Ingest(proposed));
    assertTooLong(() -> new Command.Offer(proposed));
  }

  private void answersTooLarge(Command<?> command, String field, String given) {
    for (Stowage door : List.of(writer, leader)) {
      Result answer = door.execute(command, fleet.now());
      assertThat(answer.code()).isEqualTo(ResultCode.TOO_LARGE);
      assertThat(answer.toString()).contains(field).contains(given);
      goesOn();
    }
  }

  private static void assertTooLong(ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunks has 2147483647 elements; at most 10000000 are taken in one call");
  }

  /** Fails when somebody looks at a second element. */
  private static <T> List<T> endless(T each) {
    return new AbstractList<>() {
      @Override
      public T get(int at) {
        assertThat(at).as("an element that was looked at").isZero();
        return each;
      }

      @Override
      public int size() {
        return Integer.MAX_VALUE;
      }
    };
  }

  @Test
  void batch_withLongNames_isSplitAndAccepted() {
    Result.Batch batch = writer.ingest(longNamed("long", 10_000), fleet.now());
    assertThat(batch.items()).hasSize(10_000);
    assertThat(batch.items()).allMatch(it -> it.code() == ResultCode.ACCEPTED);
    assertThat(batch.items().get(9_999).key().id()).endsWith("/9999");
    goesOn();
    assertThat(SmallFleet.state(leader).chunkCount()).isEqualTo(10_001);
    assertThat(leader.ingest(longNamed("long", 10_000), fleet.now()).items())
        .as("said again, at the other door")
        .allMatch(it -> it.code() == ResultCode.DUPLICATE);
    goesOn();
  }

  @Tag("deep")
  @Test
  void offers_ofTheFacadesOwnSizeWithLongNames_areSplitAndAccepted() {
    Result.Batch batch = writer.offer(longNamed("long", 20_000), fleet.now());
    assertThat(batch.items()).hasSize(20_000);
    assertThat(batch.items()).allMatch(it -> it.code() == ResultCode.OFFERED);
    goesOn();
    assertThat(SmallFleet.state(leader).chunkCount()).isEqualTo(20_001);
  }

  @Test
  void batch_givenAsOneCommandWithLongNames_isRefusedAtBothDoorsItemByItem() {
    List<ProposedChunk> chunks = ProposedChunk.listOf(longNamed("long", 10_000));
    long digest = SmallFleet.state(leader).digest();
    for (Stowage door : List.of(writer, leader)) {
      Result.Batch batch = door.execute(new Command.Ingest(chunks), fleet.now());
      assertThat(batch.items()).hasSize(10_000);
      assertThat(batch.items()).allMatch(it -> it.code().name().equals("TOO_LARGE"));
      assertThat(batch.items().get(7).reasons().toString()).contains("chunks");
    }
    goesOn();
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  // ---- what the tests are made of ----

  private void refusedAtBothDoors(Command<?> command, String field, String given) {
    long digest = SmallFleet.state(leader).digest();
    Result atInbox = writer.execute(command, fleet.now());
    assertThat(atInbox.code().name()).isEqualTo("TOO_LARGE");
    assertThat(atInbox.toString()).contains(field).contains(given);
    goesOn();
    Result atLeader = leader.execute(command, fleet.now());
    assertThat(atLeader.code()).isEqualTo(atInbox.code());
    assertThat(atLeader.reasons()).isEqualTo(atInbox.reasons());
    goesOn();
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
    Stowage next = facade("next");
    fixture.expireLease();
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    next.schedule(fleet.now());
    assertThat(SmallFleet.state(next).digest()).isEqualTo(digest);
  }

  private void goesOn() {
    leader.schedule(fleet.now());
    leader.publish(fleet.now());
  }

  private static List<Chunk> longNamed(String dataset, int count) {
    DatasetId of = DatasetId.of(dataset + "-" + "d".repeat(LONG_NAME));
    List<Chunk> chunks = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      ChunkKey key = new ChunkKey(of, "c".repeat(LONG_NAME) + "/" + at);
      chunks.add(Chunk.of(key, BlockRange.of(at, at), 1));
    }
    return chunks;
  }
}
