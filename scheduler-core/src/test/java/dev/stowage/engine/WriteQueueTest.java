package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.engine.WriteQueue.Lane;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The order of commands that wait, and who decides them. */
class WriteQueueTest {
  private static final Tick NOW = Tick.of(0);

  private final WriteQueue queue = new WriteQueue(10, 1L << 20);

  private static Ticket<?> ticket(Lane lane) {
    return switch (lane) {
      case OPERATOR -> Ticket.awaited(new Command.Freeze(Command.ANY_VERSION), NOW);
      case WORKER -> Ticket.awaited(new Command.Register(WorkerId.of("w"), "d"), NOW);
      case INGESTER -> ingest(1);
    };
  }

  private static Ticket<?> ingest(int chunks) {
    List<Chunk> all =
        IntStream.range(0, chunks)
            .mapToObj(i ->
                Chunk.of(ChunkKey.of("d", "chunk-of-a-long-name-" + i), BlockRange.of(i, i), 1))
            .toList();
    return Ticket.awaited(new Command.Ingest(ProposedChunk.listOf(all)), NOW);
  }

  private List<Ticket<?>> taken() {
    List<Ticket<?>> all = new ArrayList<>();
    for (List<Ticket<?>> next = queue.take(); !next.isEmpty(); next = queue.take()) {
      assertThat(next).hasSizeLessThanOrEqualTo(WriteQueue.MOST_COMMANDS);
      all.addAll(next);
    }
    return all;
  }

  /** Arrivals of 0 to 2 are lanes, in the order of urgency. */
  @Property
  void command_isOvertakenByNoMoreThanThePatienceOfItsLane(
      @ForAll @Size(min = 1, max = 900) List<@IntRange(max = 2) Integer> arrivals) {
    List<Ticket<?>> offered = new ArrayList<>();
    for (int lane : arrivals) {
      Ticket<?> ticket = ticket(Lane.values()[lane]);
      offered.add(ticket);
      queue.offer(ticket);
    }
    List<Ticket<?>> taken = taken();
    assertThat(taken).hasSameSizeAs(offered);
    Map<Ticket<?>, Integer> places = new IdentityHashMap<>();
    taken.forEach(ticket -> places.put(ticket, places.size()));
    int[] patience = {0, 64, 256};
    for (int at = 0; at < offered.size(); at++) {
      int place = places.get(offered.get(at));
      for (int later = at + 1; later < offered.size(); later++) {
        int ahead = patience[arrivals.get(at)] - patience[arrivals.get(later)];
        boolean isOvertaken = places.get(offered.get(later)) < place;
        assertThat(isOvertaken).isEqualTo(later - at <= ahead && ahead > 0);
      }
    }
  }

  @Test
  void reports_thatWait_areTold_untilTheyAreDrawnOrWithdrawn() {
    Ticket<?> first = ticket(Lane.WORKER);
    Ticket<?> second = ticket(Lane.WORKER);
    Ticket<?> tooLong =
        Ticket.awaited(new Command.Register(WorkerId.of("w"), "d".repeat(600)), NOW);
    for (Ticket<?> each :
        List.of(tooLong, ticket(Lane.INGESTER), first, ticket(Lane.OPERATOR), second)) {
      queue.offer(each);
    }
    assertThat(queue.reports()).containsExactly(first.command(), second.command());
    assertThat(queue.withdraw(first)).isTrue();
    assertThat(queue.reports()).containsExactly(second.command());
    assertThat(taken()).hasSize(4);
    assertThat(queue.reports()).isEmpty();
  }

  @Test
  void group_isBoundedByBytes_andTakesOneLargeCommand() {
    Ticket<?> large = ingest(Command.Bounds.CHUNKS);
    assertThat(large.bytes()).isGreaterThan(WriteQueue.MOST_BYTES);
    queue.offer(ingest(1));
    queue.offer(large);
    queue.offer(ingest(1));
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.take()).containsExactly(large);
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void oneDrives_andCallsTheFirstThatWaits() {
    Ticket<?> first = ticket(Lane.WORKER);
    Ticket<?> second = ticket(Lane.INGESTER);
    Ticket<?> third = ticket(Lane.OPERATOR);
    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.offer(second)).isFalse();
    assertThat(queue.offer(third)).isFalse();
    assertThat(queue.handOver(second)).as("does not drive").isNull();
    taken();
    first.follow();
    second.follow();
    assertThat(queue.handOver(first)).as("the first that is not settled").isSameAs(third);
    third.follow();
    assertThat(queue.handOver(third)).isNull();
    assertThat(queue.offer(ticket(Lane.WORKER))).as("nobody drives").isTrue();
  }

  @Test
  void callThatComesTooLate_isHandedOn() {
    Ticket<?> first = ticket(Lane.WORKER);
    Ticket<?> second = ticket(Lane.WORKER);
    Ticket<?> third = ticket(Lane.WORKER);
    queue.offer(first);
    queue.offer(second);
    queue.offer(third);
    assertThat(queue.handOver(first)).isSameAs(second);
    // Another thread decided it before it began to drive.
    second.follow();
    assertThat(queue.handOver(second)).isSameAs(third);
  }
}
