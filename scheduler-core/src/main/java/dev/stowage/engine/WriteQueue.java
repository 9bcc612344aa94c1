package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.lifecycle.CommandKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait to be decided, and the one ticket whose owner decides them for all: group
 * commit (DeWitt et al., "Implementation techniques for main memory database systems", 1984) by
 * flat combining (Hendler, Incze, Shavit, Tzafrir, "Flat combining and the
 * synchronization-parallelism tradeoff", 2010).
 *
 * <p>A command is stamped with a logical time plus the patience of its lane, and the least stamp
 * goes first. So at most as many later commands overtake it as its patience exceeds theirs,
 * whatever floods the queue; within a lane the order is that of arrival. An operation costs O(log
 * n) of the waiting commands. Thread-safe.
 */
final class WriteQueue {
  /** The most commands of a group. */
  static final int MOST_COMMANDS = 64;

  /** The most bytes of a group's commands; a larger command is a group of its own. */
  static final long MOST_BYTES = 1L << 20;

  /** The lane of a command, by what its decision depends on. */
  enum Lane {
    OPERATOR(0),
    WORKER(64),
    INGESTER(256);

    private final int patience;

    Lane(int patience) {
      this.patience = patience;
    }

    static Lane of(CommandKind<?, ?> kind) {
      return switch (kind.concern()) {
        case FLEET -> OPERATOR;
        case WORKER -> WORKER;
        case DATASETS -> INGESTER;
      };
    }
  }

  private final LogicalClock clock = LogicalClock.atZero();
  private final OrderedQueue<Ticket<?>> queue = OrderedQueue.ofCapacity(OrderedQueue.MAX_CAPACITY);

  /** The tickets of commands of workers, in the order of arrival. */
  private final Set<Ticket<?>> reports = new LinkedHashSet<>();

  /** The tickets of waiting threads; those that are settled go when they are met. */
  private final ArrayDeque<Ticket<?>> parked = new ArrayDeque<>();

  private final int mostOpen;
  private final long mostOpenBytes;

  /** The submitted tickets that are not closed. */
  private final Set<Ticket<?>> open = new LinkedHashSet<>();

  private long openBytes;
  private @Nullable Ticket<?> driver;
  private boolean hasBegun;

  /** Creates a queue bounded by submitted commands and their bytes. */
  WriteQueue(int mostOpen, long mostOpenBytes) {
    this.mostOpen = mostOpen;
    this.mostOpenBytes = mostOpenBytes;
  }

  /** Queues the command of a waiting thread; returns whether this thread must drive. */
  synchronized boolean offer(Ticket<?> ticket) {
    insert(ticket);
    Ticket<?> driving = driver;
    // An executor may begin late, and a thread must not wait for it.
    if (driving == null || (driving.isSubmitted() && !hasBegun)) {
      drives(ticket);
      return true;
    }
    parked.addLast(ticket);
    return false;
  }

  /** Queues a submitted command unless the queue is full; returns whether it did. */
  synchronized boolean tryAdd(Ticket<?> ticket) {
    int count = open.size();
    if (count >= mostOpen || (count > 0 && openBytes + ticket.bytes() > mostOpenBytes)) {
      return false;
    }
    open.add(ticket);
    openBytes += ticket.bytes();
    insert(ticket);
    return true;
  }

  /** Makes a submitted ticket the driver if there is none; returns whether it did. */
  synchronized boolean tryElect(Ticket<?> ticket) {
    if (driver != null) {
      return false;
    }
    drives(ticket);
    return true;
  }

  private void drives(@Nullable Ticket<?> ticket) {
    driver = ticket;
    hasBegun = false;
  }

  private void insert(Ticket<?> ticket) {
    Lane lane = Lane.of(CommandKind.kindOf(ticket.command()));
    ticket.handle = queue.offer(clock.tickBits() + lane.patience, lane.ordinal(), ticket);
    if (lane == Lane.WORKER) {
      reports.add(ticket);
    }
  }

  /** Notes that the driver has the turn. */
  synchronized void begins(Ticket<?> ticket) {
    hasBegun |= ticket == driver;
  }

  /** Takes the next group, in order; empty if nothing waits. */
  synchronized List<Ticket<?>> take() {
    List<Ticket<?>> group = new ArrayList<>();
    long bytes = 0;
    for (Ticket<?> next = queue.peek(); next != null; next = queue.peek()) {
      bytes += next.bytes();
      if (group.size() == MOST_COMMANDS || (!group.isEmpty() && bytes > MOST_BYTES)) {
        break;
      }
      queue.poll();
      next.handle = -1;
      reports.remove(next);
      if (next.isAbandoned()) {
        bytes -= next.bytes();
        close(next);
      } else {
        group.add(next);
      }
    }
    return group;
  }

  /**
   * Ends the driving of a ticket, and whatever call it has not heard. Returns the next driver,
   * which is to be called, or null if nothing waits or somebody drives: a waiting thread before an
   * executor, which may begin late.
   */
  synchronized @Nullable Ticket<?> handOver(Ticket<?> from) {
    if (driver != null && driver != from) {
      return null;
    }
    Ticket<?> next = parked.pollFirst();
    while (next != null && next.isSettled()) {
      next = parked.pollFirst();
    }
    if (next == null) {
      next = queue.peek();
    }
    drives(next == from ? null : next);
    return driver;
  }

  /** Dismisses a driver that has not begun on its executor; returns the next one. */
  synchronized @Nullable Ticket<?> dismiss() {
    Ticket<?> dropped = driver;
    return dropped != null && dropped.isSubmitted() && !hasBegun ? handOver(dropped) : null;
  }

  /** Returns the submitted tickets that are not closed, in the order of arrival. */
  synchronized List<Ticket<?>> open() {
    return List.copyOf(open);
  }

  /** Returns the waiting commands of workers, in the order of arrival, that keep their bounds. */
  synchronized List<Command<?>> reports() {
    List<Command<?>> waiting = new ArrayList<>(reports.size());
    for (Ticket<?> ticket : reports) {
      if (ticket.bytes() > 0 && !ticket.isAbandoned()) {
        waiting.add(ticket.command());
      }
    }
    return waiting;
  }

  /** Removes a command that is not drawn yet; returns whether it waited. */
  synchronized boolean withdraw(Ticket<?> ticket) {
    boolean waited = ticket.handle >= 0 && queue.remove(ticket.handle) != null;
    if (waited) {
      ticket.handle = -1;
      reports.remove(ticket);
      close(ticket);
    }
    return waited;
  }

  /** Makes room for another submitted command. */
  synchronized void close(Ticket<?> ticket) {
    if (open.remove(ticket)) {
      openBytes -= ticket.bytes();
    }
  }
}
