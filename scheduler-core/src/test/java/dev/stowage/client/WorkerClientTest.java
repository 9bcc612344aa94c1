package dev.stowage.client;

import static dev.stowage.client.Script.code;
import static dev.stowage.client.Script.number;
import static dev.stowage.client.Script.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.client.WorkerClient.Phase;
import dev.stowage.command.Command;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerClientTest {
  private final Script script = new Script();
  private final WorkerClient client = script.client();

  /** The disk holds chunks, and the fleet knows this disk. */
  private void hold(long... counters) {
    for (long counter : counters) {
      script.bytes.put(number(counter), 100L);
      if (script.memory.length == 0) {
        WorkerState known = WorkerState.of("disk");
        script.memory =
            known.registered(Incarnation.of(1), Script.LINEAGE, true).toBytes(Script.FLEET);
      }
    }
  }

  @Test
  void worker_obeysDownloadsAndReports() {
    hold(1, 2, 3);
    script.register(client);
    script.slice(client, slice(5, 1, 2, 4));

    assertThat(script.bytes).containsOnlyKeys(number(1), number(2));
    assertThat(script.fetches).extracting(it -> it.entry().number()).containsExactly(number(4));
    Command.Applied first =
        script.answer(
            client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    assertThat(first.missing()).containsExactly(number(4));

    script.fetchEnds.get(0).complete(null);
    script.turn(client, 1);
    script.slice(client, slice(5, 1, 2, 4));
    Command.Applied second =
        script.answer(
            client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    assertThat(second.missing()).isEmpty();
    assertThat(second.id()).isEqualTo(WorkerAssignmentId.of(5));
    assertThat(second.header().number()).isGreaterThan(first.header().number());
    assertThat(client.status().phase()).isEqualTo(Phase.OBEYING);
  }

  @Test
  void worker_reportsItsPressure_whileItDownloads_andWithoutItsSamplerToo() {
    PressureSnapshot strained = new PressureSnapshot(0, 0.93, 0, 0, 1);
    AtomicReference<PressureSnapshot> sample = new AtomicReference<>(strained);
    client.withPressure(now -> Objects.requireNonNull(sample.get()));
    script.register(client);
    script.slice(client, slice(5, 4));
    assertThat(heartbeat().pressure()).contains(strained);
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    sample.set(null);
    script.turn(client, 10);
    script.slice(client, slice(5, 4));
    assertThat(heartbeat().pressure()).isEmpty();
    assertThat(client.status().trouble()).contains("cannot sample its pressure");
  }

  @Test
  void worker_whoseQuestionIsHeld_reportsBesideIt_andAsksAgainOnceItIsAnswered() {
    List<Envelope> asked = new ArrayList<>();
    Transport counting =
        (request, route) -> {
          asked.add(Envelope.open(request));
          return script.send(request, route);
        };
    WorkerClient held =
        new WorkerClient(
            Script.FLEET, Script.WORKER, counting, script, script, ClientConfig.DEFAULT);
    AtomicInteger hints = new AtomicInteger();
    held.waking(hints::incrementAndGet);
    script.register(held);
    assertThat(asked.get(1).read(Wire.AskSlice.SHAPE).waitNanos()).isZero();
    script.slice(held, slice(5));
    assertThat(hints.get()).isEqualTo(2);
    script.turn(held, 1);
    assertThat(asked.get(2).read(Wire.AskSlice.SHAPE).waitNanos()).isEqualTo(5 * Script.SECOND);
    assertThat(asked.get(3).name()).isEqualTo(CommandKind.APPLIED.shape().name());
    script.turn(held, 2);
    assertThat(asked).as("the held question takes the place of others").hasSize(4);
  }

  private Command.Heartbeat heartbeat() {
    return script.answer(
        client, CommandKind.HEARTBEAT.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
  }

  @Test
  void worker_thatIsToDeleteMuch_asksForTheWholeAndSparesWhatOnlyThatNames() {
    hold(1, 2, 3, 4);
    script.register(client);
    script.slice(client, slice(5, 1));

    assertThat(script.bytes).hasSize(4);
    Wire.AskSlice whole = script.slice(client, slice(6, 1, 2));
    assertThat(whole.known()).isEmpty();
    assertThat(script.bytes).containsOnlyKeys(number(1), number(2));
  }

  @Test
  void worker_thatIsToDeleteMuch_sparesAlsoWhatOnlyTheSliceBeforeTheWholeNames() {
    hold(1, 2, 3, 4);
    script.register(client);
    script.slice(client, slice(5, 1));
    script.slice(client, slice(6, 2));

    assertThat(script.bytes).containsOnlyKeys(number(1), number(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1L << 62, Long.MAX_VALUE})
  void worker_thatIsToDeleteMostChunks_asksForTheWhole_whateverTheirSizes(long size) {
    hold(1, 2, 3, 4);
    script.bytes.replaceAll((number, bytes) -> size);
    script.register(client);
    script.slice(client, slice(5, 1));

    assertThat(script.bytes).hasSize(4);
    assertThat(client.status().heldBytes()).isEqualTo(size == 0 ? 0 : Long.MAX_VALUE);
  }

  @Test
  void worker_whoseTwoDocumentsOfOneAssignmentDiffer_deletesNothingAndSaysSo() {
    hold(1, 2, 3, 4);
    script.register(client);
    script.slice(client, slice(5, 1));
    script.slice(client, slice(5, 2));

    assertThat(script.bytes).hasSize(4);
    assertThat(client.status().disagreements()).isEqualTo(1);
    assertThat(client.status().phase()).isEqualTo(Phase.WAITING);
    assertThat(client.status().trouble()).contains("two slices of assignment 5 differ");
  }

  @Test
  void worker_givenADeltaThatDoesNotContinue_asksForEverything() {
    hold(1);
    script.register(client);
    script.slice(client, slice(5, 1));
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    script.turn(client, 1);
    SliceDocument foreign =
        new SliceDocument(
            Script.header(9, Optional.of(WorkerAssignmentId.of(7))),
            List.of(),
            List.of(number(1)),
            List.of());
    assertThat(script.slice(client, foreign).known()).contains(WorkerAssignmentId.of(5));

    assertThat(script.bytes).hasSize(1);
    script.turn(client, 1);
    assertThat(script.slice(client, slice(9, 1)).known()).isEmpty();
    assertThat(client.status().assignment()).isEqualTo(9);
  }

  private static SliceDocument delta(long from, long id, long removed, long put) {
    return new SliceDocument(
        Script.header(id, Optional.of(WorkerAssignmentId.of(from))),
        List.of(),
        List.of(number(removed)),
        List.of(Script.entry(put)));
  }

  private void obeyFive() {
    hold(1, 2, 3);
    script.register(client);
    script.slice(client, slice(5, 1, 2, 3));
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
  }

  @Test
  void news_thatContinues_isObeyedByTheNextTurn() {
    obeyFive();
    assertThat(client.hear(delta(5, 6, 3, 4))).isTrue();
    assertThat(script.bytes).hasSize(3);
    script.turn(client, 0);

    assertThat(script.bytes).containsOnlyKeys(number(1), number(2));
    assertThat(script.fetches).extracting(it -> it.entry().number()).containsExactly(number(4));
    assertThat(client.status().assignment()).isEqualTo(6);
  }

  @Test
  void news_thatDoesNotContinue_changesNothing_andIsAskedForAtOnce() {
    obeyFive();
    assertThat(client.hear(delta(7, 8, 3, 4))).isFalse();
    assertThat(client.hear(slice(4, 1))).as("an older one").isFalse();
    script.turn(client, 0);

    assertThat(script.bytes).hasSize(3);
    assertThat(script.asked(Wire.AskSlice.SHAPE).known()).contains(WorkerAssignmentId.of(5));
  }

  @Test
  void news_beforeTheClientHasRegistered_orOfAnother_isNotTaken() {
    assertThat(client.hear(slice(5, 1))).isFalse();
    SliceDocument foreign =
        new SliceDocument(
            new SliceHeader(
                Script.LINEAGE,
                WorkerAssignmentId.of(5),
                Optional.empty(),
                WorkerId.of("other"),
                Incarnation.of(1),
                0,
                0,
                false),
            List.of(),
            List.of(),
            List.of());
    assertThatThrownBy(() -> client.hear(foreign)).hasMessageContaining("is of worker other");
  }

  @Test
  void news_thatDeletesMuch_isNotObeyedWithoutAFullDocument() {
    obeyFive();
    client.hear(slice(6, 1));
    script.turn(client, 0);
    assertThat(script.bytes).hasSize(3);
    assertThat(script.slice(client, slice(6, 1)).known()).isEmpty();
    assertThat(script.bytes).containsOnlyKeys(number(1));
  }

  @Test
  void answer_thatNewsHasOvertaken_isDropped() {
    obeyFive();
    script.turn(client, 1);
    client.hear(delta(5, 6, 3, 4));
    script.slice(client, delta(5, 6, 3, 4));

    assertThat(client.status().assignment()).isEqualTo(6);
    assertThat(client.status().failures()).isZero();
    assertThat(script.bytes).hasSize(2);
  }

  @Test
  void report_thatIsLost_isSaidAgainAtOnce_notWhenItWouldBeRepeated() {
    obeyFive();
    script.turn(client, 10);
    script.slice(client, slice(5, 1, 2, 3));
    script.asked(CommandKind.APPLIED.shape());
    script.reply(new byte[0]);
    script.turn(client, 0);
    script.turn(client, 1);
    script.slice(client, slice(5, 1, 2, 3));
    assertThat(script.pending()).isEqualTo("applied");
  }

  @Test
  void disk_withoutAMemory_isNamedByTheHost() {
    script.newId = "disk of the host";
    script.turn(client, 1);
    assertThat(script.asked(CommandKind.REGISTER.shape()).diskId()).isEqualTo("disk of the host");
  }

  @Test
  void worker_neverGoesBack() {
    hold(1, 2);
    script.register(client);
    script.slice(client, slice(5, 1, 2));
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    script.turn(client, 1);
    script.slice(client, slice(4, 1));

    assertThat(script.bytes).hasSize(2);
    assertThat(client.status().assignment()).isEqualTo(5);
  }

  @Test
  void worker_inThePauseOfALineage_downloadsAndDeletesAfterIt() {
    hold(1, 2, 3);
    script.register(client);
    SliceDocument told = slice(5, 2, 3, 4);
    SliceHeader paused = Script.pausing(2, 5, Optional.empty());
    script.slice(client, new SliceDocument(paused, List.of(), List.of(), told.put()));
    script.turn(client, 1);
    assertThat(script.fetches).extracting(it -> it.entry().number()).containsExactly(number(4));
    assertThat(script.bytes).containsOnlyKeys(number(1), number(2), number(3));
    assertThat(client.status().deletions()).isZero();

    SliceHeader over = Script.pausing(1, 6, Optional.empty());
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    script.turn(client, 1);
    script.slice(client, new SliceDocument(over, List.of(), List.of(), told.put()));
    script.turn(client, 1);
    assertThat(script.bytes).containsOnlyKeys(number(2), number(3));
  }

  @Test
  void worker_askedForItsInventory_deletesNothingUntilASliceKnowsOfIt() {
    hold(1, 2, 3);
    script.register(client);
    script.slice(client, slice(5, 1, 2));
    assertThat(script.bytes).hasSize(2);
    hold(3);
    script.answer(
        client,
        CommandKind.APPLIED.shape(),
        Wire.Answered.SHAPE,
        code(ResultCode.INVENTORY_WANTED));
    script.turn(client, 10);
    Command.Inventory told =
        script.answer(
            client, CommandKind.INVENTORY.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));

    assertThat(told.chunks()).containsExactly(number(1), number(2));
    script.turn(client, 1);
    script.slice(client, slice(6, 1, 2));
    assertThat(script.bytes).hasSize(3);
    assertThat(client.status().phase()).isEqualTo(Phase.WAITING);
  }

  @Test
  void worker_startedAnewInTheMidstOfAnInventory_takesItAgain() {
    hold(1);
    script.register(client);
    script.slice(client, slice(5, 1));
    script.answer(
        client,
        CommandKind.APPLIED.shape(),
        Wire.Answered.SHAPE,
        code(ResultCode.INVENTORY_WANTED));
    script.turn(client, 10);
    assertThat(script.pending()).isEqualTo("inventory");

    WorkerClient again = script.client();
    script.register(again);
    assertThat(script.pending()).isEqualTo("inventory");
  }

  @Test
  void worker_ofAnotherFleetsDisk_doesNothing() {
    script.memory = WorkerState.of("disk").toBytes("other");
    script.turn(client, 1);

    assertThat(script.pending()).isNull();
    assertThat(client.status().phase()).isEqualTo(Phase.REFUSING);
    assertThat(client.status().trouble()).contains("fleet other");
  }

  @Test
  void reasonOfARefusal_isQuotedInPart() {
    script.turn(client, 1);
    script.asked(CommandKind.REGISTER.shape());
    Wire.Refused refused =
        new Wire.Refused(ClientDoor.Refusal.MALFORMED, "r".repeat(1_000_000) + "; end");
    script.reply(Envelope.seal(DocumentFormat.BINARY, Script.FLEET, Wire.Refused.SHAPE, refused));
    script.turn(client, 0);
    assertThat(client.status().trouble())
        .startsWith("MALFORMED: rrr")
        .endsWith("; end")
        .hasSizeLessThan(100_000);
  }

  @Test
  void worker_withDamagedMemory_isAnotherDisk() {
    byte[] damaged = WorkerState.of("disk").toBytes(Script.FLEET);
    damaged[20] ^= 1;
    script.memory = damaged;
    script.turn(client, 1);

    assertThat(script.asked(CommandKind.REGISTER.shape()).diskId()).isNotEqualTo("disk");
  }

  @Test
  void worker_whoseDiskTheFleetTakesForEmpty_saysWhatItHolds_andDeletesNothingBefore() {
    hold(1, 2, 3);
    script.memory = new byte[0];
    script.register(client);
    Command.Inventory told =
        script.answer(
            client, CommandKind.INVENTORY.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    assertThat(told.chunks()).containsExactly(number(1), number(2), number(3));
    script.turn(client, 1);
    script.slice(client, slice(5, 1, 2));
    assertThat(script.bytes).as("the slice was made without the inventory").hasSize(3);
  }

  @Test
  void worker_whoseDiskFails_saysNothingUntilItCanBeRead() {
    script.diskFailure = new IOException("no space left");
    script.turn(client, 1);
    assertThat(script.pending()).isNull();
    assertThat(client.status().trouble()).contains("no space left");

    script.diskFailure = null;
    script.turn(client, 1);
    assertThat(script.pending()).isEqualTo("register");
  }

  @Test
  void worker_thatCannotDelete_triesAgain() {
    hold(1, 2, 3);
    script.register(client);
    script.diskFailure = new IOException("read-only");
    script.slice(client, slice(5, 1, 2));
    assertThat(client.status().heldChunks()).isEqualTo(3);

    script.diskFailure = null;
    script.turn(client, 1);
    assertThat(script.bytes).hasSize(2);
    assertThat(client.status().deletions()).isEqualTo(1);
  }

  @Test
  void answer_thatCannotBeUsed_costsAnAttemptAndAPause() {
    script.turn(client, 1);
    script.asked(CommandKind.REGISTER.shape());
    script.reply(new byte[] {1, 2, 3});
    script.turn(client, 0);
    assertThat(client.status().trouble()).contains("cannot be used");

    script.turn(client, 1);
    script.asked(CommandKind.REGISTER.shape());
    script.reply(
        Envelope.seal(
            DocumentFormat.BINARY, "other", Wire.Answered.SHAPE, code(ResultCode.ACCEPTED)));
    script.turn(client, 0);
    assertThat(client.status().trouble()).contains("the answer names fleet other");

    script.turn(client, 1);
    script.asked(CommandKind.REGISTER.shape());
    script.turn(client, 11);
    assertThat(client.status().trouble()).contains("no answer within 10 s");
    script.turn(client, 10);
    assertThat(script.attempts).containsExactly(0, 1, 2, 3);
  }

  @Test
  void fetch_thatHangsOrFails_isTriedAgainAndGivenUp() {
    script.register(client);
    script.slice(client, slice(5, 1));
    script.fetchEnds.get(0).completeExceptionally(new IOException("reset"));
    script.turn(client, 0);
    assertThat(script.fetches).hasSize(1);
    script.turn(client, 2);
    assertThat(script.fetches).hasSize(2);

    script.turn(client, 601);
    assertThat(script.fetches.get(1).isCancelled()).isTrue();
    for (int i = 0; i < 30; i++) {
      script.turn(client, 11);
      script.fetchEnds.forEach(end -> end.completeExceptionally(new IOException("reset")));
      script.turn(client, 0);
    }
    assertThat(client.status().givenUp()).isPositive();
    assertThat(script.fetches).hasSize(ClientConfig.DEFAULT.downloadAttempts());
  }

  @Test
  void fetch_thatComesAfterItWasStopped_countsAsHeld() {
    script.register(client);
    script.slice(client, slice(5, 1));
    script.turn(client, 601);
    script.fetchEnds.get(0).complete(null);
    script.turn(client, 1);

    assertThat(client.status().heldChunks()).isEqualTo(1);
    assertThat(client.status().missingChunks()).isZero();
  }

  @Test
  void loss_isSaidAndFetchedAgain() {
    hold(1);
    script.register(client);
    script.slice(client, slice(5, 1));
    script.answer(
        client, CommandKind.APPLIED.shape(), Wire.Answered.SHAPE, code(ResultCode.ACCEPTED));
    client.lost(List.of(number(1), number(2)));
    script.turn(client, 0);

    assertThat(script.asked(CommandKind.LOST.shape()).chunks()).containsExactly(number(1));
    assertThat(script.fetches).hasSize(1);
  }

  @Test
  void slice_ofAnotherLineage_isNotObeyedButRegisteredFor() {
    hold(1, 2, 3);
    script.register(client);
    SliceDocument other =
        new SliceDocument(
            new SliceHeader(
                Lineage.of(0xb8),
                WorkerAssignmentId.of(1),
                Optional.empty(),
                Script.WORKER,
                Incarnation.of(1),
                0,
                0,
                false),
            List.of(),
            List.of(),
            List.of());
    script.slice(client, other);

    assertThat(script.bytes).hasSize(3);
    assertThat(script.pending()).isEqualTo("register");
  }

  @Test
  void clock_thatStepsBack_stopsNothing() {
    script.register(client);
    client.turn(-5 * Script.SECOND);
    client.turn(-3 * Script.SECOND);
    script.slice(client, slice(5));

    assertThat(client.status().phase()).isEqualTo(Phase.OBEYING);
  }

  @Test
  void refusals_inARow_areSaidAndMakeLongerPauses() {
    for (int i = 0; i < 4; i++) {
      script.turn(client, 10);
      script.answer(
          client,
          CommandKind.REGISTER.shape(),
          Wire.Answered.SHAPE,
          code(ResultCode.UNKNOWN_WORKER));
      assertThat(client.status().trouble()).contains("UNKNOWN_WORKER");
    }
    // The fourth pause is at least half of eight times the first.
    script.turn(client, 0);
    assertThat(script.pending()).isNull();
    script.turn(client, 2);
    assertThat(script.pending()).isEqualTo("register");
  }

  @Test
  void configuration_outOfBounds_isRefused() {
    assertThatThrownBy(() -> ClientConfig.DEFAULT.withPoll(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("poll_nanos is 0");
    assertThatThrownBy(() -> ClientConfig.DEFAULT.withDownloads(0, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("downloads is 0");
    assertThatThrownBy(
            () -> new ClientConfig(1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 500_001, DocumentFormat.BINARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inventory_part is 500001");
  }
}
