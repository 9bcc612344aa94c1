package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.store.FleetView;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stowage's own use: slices to workers, routes to portals. */
class AssignmentNewsTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1_000 * MS;
  private static final WorkerId ONE = WorkerId.of("one");
  private static final WorkerId TWO = WorkerId.of("two");

  private final LifecycleState state =
      LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(7));
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final AssignmentPropagation news =
      AssignmentPropagation.of(
          () -> new FleetView(state), PropagationConfig.DEFAULT.withBudget(1_000_000));
  private int chunks;
  private long reports;

  AssignmentNewsTest() {
    for (WorkerId worker : List.of(ONE, TWO)) {
      execute(Command.Describe.of(Worker.of(worker, 1 << 30)));
      execute(new Command.Register(worker, "disk of " + worker));
    }
  }

  private void execute(Command<?> command) {
    lifecycle.execute(state, command, Tick.of(0));
  }

  private void ingest(int count) {
    for (int i = 0; i < count; i++) {
      long first = 10L * chunks++;
      Chunk chunk =
          Chunk.of(ChunkKey.of("logs", "c" + first), BlockRange.of(first, first + 9), 1_000);
      execute(new Command.Ingest(ProposedChunk.listOf(List.of(chunk))));
    }
    execute(new LeaderCommand.Schedule());
  }

  private void publish() {
    for (WorkerId worker : List.of(ONE, TWO)) {
      var slice = new FleetView(state).slice(worker).orElseThrow();
      ReportHeader header =
          new ReportHeader(worker, slice.incarnation(), slice.lineage(), ++reports);
      execute(new Command.Applied(header, slice.id(), List.of()));
    }
    execute(new LeaderCommand.Publish(0));
  }

  /** Registers worker one with so many chunks, and returns the slice that it is sent. */
  private Message.Slice firstSlice(int count) {
    ingest(count);
    news.register(ONE, 0);
    assertThat(news.follow(0)).isEqualTo(1);
    return (Message.Slice) news.outgoing(10 * MS).get(0);
  }

  private SliceDocument full(WorkerId worker) {
    return SliceDocument.of(new FleetView(state).slice(worker).orElseThrow());
  }

  @Test
  void worker_isSentAllOfItsSliceFirst_thenWhatChanged() {
    Message.Slice first = firstSlice(50);
    ingest(1);
    assertThat(news.follow(20 * MS)).isEqualTo(1);
    assertThat(news.follow(21 * MS)).isZero();
    Message.Slice second = (Message.Slice) news.outgoing(30 * MS).get(0);

    assertThat(first.isFull()).isTrue();
    assertThat(second.isFull()).isFalse();
    assertThat(second.bytes()).isLessThan(first.bytes() / 5);
    assertThat(second.document().after(first.document())).isEqualTo(full(ONE));
    assertThat(news.stats().bytes()).isEqualTo(first.bytes() + second.bytes());
  }

  @Test
  void unsentDelta_isMergedIntoTheNewer_withTheOlderBase() {
    Message.Slice first = firstSlice(50);
    for (int i = 0; i < 3; i++) {
      ingest(1);
      news.follow(20 * MS + i);
    }

    List<Message> out = news.outgoing(40 * MS);

    assertThat(out).hasSize(1);
    Message.Slice merged = (Message.Slice) out.get(0);
    assertThat(merged.document().header().from()).hasValue(WorkerAssignmentId.of(first.id()));
    assertThat(merged.document().put()).hasSize(3);
    assertThat(merged.document().after(first.document())).isEqualTo(full(ONE));
    assertThat(news.stats().notSent(PropagationReason.SUPERSEDED)).isEqualTo(2);
  }

  @Test
  void whicheverIsSmaller_isSent() {
    firstSlice(2);
    // both chunks go, two come: the delta names four, the full document two
    for (String id : List.of("c0", "c10")) {
      execute(new Command.Remove(ChunkKey.of("logs", id)));
    }
    ingest(2);
    news.follow(SECOND);

    Message.Slice sent = (Message.Slice) news.outgoing(2 * SECOND).get(0);

    assertThat(sent.isFull()).isTrue();
    assertThat(sent.document()).isEqualTo(full(ONE));
  }

  @Test
  void recipientOnANarrowPath_isToldWhatChanged_andAsks() {
    Message.Slice first = firstSlice(50);
    news.link(Recipient.of(ONE), Link.DEFAULT.withBandwidth(10), 20 * MS);
    ingest(1);
    news.follow(20 * MS);

    Message notice = news.outgoing(30 * MS).get(0);
    assertThat(notice).isInstanceOf(Message.Changes.class);
    assertThat(((Message.Changes) notice).numbers()).hasSize(1);
    assertThat(notice.bytes()).isEqualTo(((Message.Changes) notice).toBytes().length);
    assertThat(news.outgoing(SECOND)).isEmpty();
    Message.Slice pulled =
        (Message.Slice)
            news.pull(ONE, first.lineage(), WorkerAssignmentId.of(first.id()), SECOND)
                .orElseThrow();
    assertThat(pulled.document().after(first.document())).isEqualTo(full(ONE));
    // a newcomer has nothing that could have changed: it hears the id
    news.register(TWO, SECOND);
    news.link(Recipient.of(TWO), Link.DEFAULT.withBandwidth(10), SECOND);
    Message id = news.outgoing(2 * SECOND).get(0);
    assertThat(id).isInstanceOf(Message.NewId.class);
    assertThat(id.bytes()).isEqualTo(((Message.NewId) id).toBytes().length);
  }

  @Test
  void departedWorker_isSentNothing() {
    ingest(5);
    news.register(ONE, 0);
    news.follow(0);
    execute(new Command.SetStatus(ONE, WorkerStatus.DEPARTED));
    ingest(1);
    news.follow(MS);

    assertThat(news.outgoing(SECOND)).isEmpty();
    assertThat(news.pull(ONE, Lineage.of(7), WorkerAssignmentId.of(0), SECOND)).isEmpty();
    assertThat(news.refused(Recipient.of(ONE), SECOND))
        .isEqualTo(RecipientAnswer.UNKNOWN_RECIPIENT);
  }

  @Test
  void registration_thatCannotBe_isRefused() {
    AssignmentPropagation.Digest clashing = (kind, name) -> kind.equals("hub") ? 1 : name.length();
    AssignmentPropagation news =
        new AssignmentPropagation(
            () -> new FleetView(state), PropagationConfig.DEFAULT, null, clashing);

    assertThat(news.register(ONE, 0)).isEqualTo(RecipientAnswer.DONE);
    assertThat(news.register(ONE, 0)).isEqualTo(RecipientAnswer.ALREADY_SO);
    assertThat(news.register(TWO, 0)).isEqualTo(RecipientAnswer.ID_COLLISION);
    assertThat(news.register(WorkerId.of("x"), 0)).isEqualTo(RecipientAnswer.ID_COLLISION);
    assertThat(news.unregister(Recipient.of(TWO))).isEqualTo(RecipientAnswer.UNKNOWN_RECIPIENT);
    assertThat(news.unregister(Recipient.of(ONE))).isEqualTo(RecipientAnswer.DONE);
    assertThat(news.register(TWO, 0)).isEqualTo(RecipientAnswer.DONE);
    assertThat(news.recipients()).containsExactly(Recipient.of(TWO));
  }

  @Test
  void portalWithInterests_isToldOfThese_andOfNothingElse() {
    PortalId portal = PortalId.of("p");
    ingest(2);
    publish();
    news.register(portal, Set.of(DatasetId.of("other")), 0);
    assertThat(news.follow(0)).isEqualTo(1);
    Message.Routes first = (Message.Routes) news.outgoing(10 * MS).get(0);
    assertThat(first.isFull()).isTrue();
    assertThat(first.document().put()).isEmpty();
    assertThat(first.bytes()).isEqualTo(DocumentFormat.BINARY.toBytes(first.document()).length);

    ingest(2);
    publish();
    assertThat(news.follow(20 * MS)).isZero();

    news.unregister(Recipient.of(portal));
    news.register(portal, Set.of(DatasetId.of("logs")), 30 * MS);
    news.follow(30 * MS);
    Message.Routes all = (Message.Routes) news.outgoing(40 * MS).get(0);
    assertThat(all.document().put()).hasSize(4);
    ingest(1);
    publish();
    assertThat(news.follow(50 * MS)).isEqualTo(1);
    Message.Routes change = (Message.Routes) news.outgoing(60 * MS).get(0);
    assertThat(change.isFull()).isFalse();
    assertThat(change.document().after(all.document()))
        .isEqualTo(new FleetView(state).portalAssignment().full());
  }

  private static List<String> toldBy(AssignmentPropagation news, long now) {
    news.follow(now);
    return news.outgoing(now + 10 * MS).stream().map(it -> it.recipient().name()).toList();
  }

  @Test
  void portalsOfATree_areToldAtItsTop_andTakeTheRoutesOfTheirRelayBelow() {
    AssignmentPropagation news =
        AssignmentPropagation.of(
            () -> new FleetView(state), PropagationConfig.DEFAULT.withFanOut(2));
    for (String name : List.of("a", "b", "c", "d", "e")) {
      assertThat(news.register(PortalId.of(name), 0)).isEqualTo(RecipientAnswer.DONE);
    }
    assertThat(news.register(PortalId.of("e"), 0)).isEqualTo(RecipientAnswer.ALREADY_SO);
    news.register(PortalId.of("i"), Set.of(DatasetId.of("logs")), 0);
    news.register(ONE, 0);
    ingest(1);
    publish();
    assertThat(toldBy(news, 0)).containsExactlyInAnyOrder("a", "b", "i", ONE.value());
    assertThat(news.relay(PortalId.of("a"))).isEmpty();
    assertThat(news.relay(PortalId.of("c"))).contains(PortalId.of("a"));
    assertThat(news.relay(PortalId.of("d"))).contains(PortalId.of("a"));
    assertThat(news.relay(PortalId.of("e"))).contains(PortalId.of("b"));
    assertThat(news.relay(PortalId.of("i"))).isEmpty();
    assertThat(news.recipients()).hasSize(7);

    // e takes the place of a, and is told everything
    assertThat(news.unregister(Recipient.of(PortalId.of("a")))).isEqualTo(RecipientAnswer.DONE);
    assertThat(toldBy(news, 20 * MS)).containsExactly("e");
    assertThat(news.relay(PortalId.of("c"))).contains(PortalId.of("e"));
    assertThat(news.relay(PortalId.of("a"))).isEmpty();
    assertThat(news.unregister(Recipient.of(PortalId.of("d")))).isEqualTo(RecipientAnswer.DONE);
    assertThat(news.unregister(Recipient.of(PortalId.of("d"))))
        .isEqualTo(RecipientAnswer.UNKNOWN_RECIPIENT);
    assertThat(news.recipients()).hasSize(5);
    assertThat(news.pull(PortalId.of("c"), state.lineage(), PortalAssignmentId.of(0), 40 * MS))
        .get()
        .extracting(message -> ((Message.Routes) message).document())
        .isEqualTo(new FleetView(state).portalAssignment().full());
  }
}
