package dev.stowage.engine;

import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.DeterministicScheduler.StepResult;
import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.ProgramTable;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.TaskContext;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides the order of the turns of many fleets: first come, first served on each server, with a
 * bound on the turns under way there. A fleet is a logical core of a {@link
 * DeterministicScheduler}, which records what comes in and what begins, so that a replay of the
 * inputs gives the order again. A turn that is late gives its place to the next one; a server with
 * as many late turns as places gets no further turn until one of them ends. Not thread-safe.
 */
public final class TurnOrder implements AutoCloseable {
  /** Names what happens to a fleet; each is a program of the scheduler, by its ordinal. */
  public enum Input {
    /** The fleet asks for a turn; while one is under way, for another one behind it. */
    DUE,
    /** The turn ended. */
    FINISHED,
    /** The turn failed: a further one must be asked for anew. */
    FAILED,
    /** The turn has passed its deadline. */
    LATE,
    /** The fleet no longer waits for a turn. */
    WITHDRAWN,
    /** A turn began, and a place for another one may be free. */
    NEXT
  }

  /** Returns nanoseconds of a clock that only advances, for the pauses between turns. */
  public static long nanos() {
    return Stopwatch.nanos();
  }

  /** The most fleets and servers at a time. */
  private static final int MOST_NAMES = 1_000_000;

  private static final int NOBODY = -1;

  private enum Place {
    NONE,
    WAITS,
    RUNS,
    RUNS_AND_WAITS,
    LATE,
    LATE_AND_WAITS;

    boolean isRunning() {
      return this == RUNS || this == RUNS_AND_WAITS;
    }

    boolean isLate() {
      return this == LATE || this == LATE_AND_WAITS;
    }

    boolean waitsToo() {
      return this == RUNS_AND_WAITS || this == LATE_AND_WAITS;
    }
  }

  private final DeterministicScheduler scheduler;

  /** Creates an order of {@code most} turns at a time on each server, recorded in a log. */
  public TurnOrder(int most, EvidenceLog log) {
    scheduler = DeterministicScheduler.builder(config()).programs(programs(most)).log(log).build();
  }

  public static SchedulerConfig config() {
    return SchedulerConfig.builder(SchedulerConfig.MAX_CORES).stateCapacity(MOST_NAMES).build();
  }

  public static ProgramTable programs(int most) {
    ProgramTable.Builder table = ProgramTable.builder();
    for (Input input : Input.values()) {
      table.add(input.ordinal(), (context, server) -> decide(input, most, context, server));
    }
    return table.build();
  }

  /** Takes an input of a fleet on a server, and returns the fleets whose turns begin, in order. */
  public List<Integer> take(Input input, int fleet, int server) {
    List<Integer> begun = new ArrayList<>();
    scheduler.enqueue(task(input, fleet, server));
    int core = scheduler.config().coreOf(fleet);
    while (scheduler.stepCore(core) instanceof StepResult.Ran ran) {
      SchedulerEvent.TaskExecuted done = (SchedulerEvent.TaskExecuted) ran.outcome();
      if (done.output().a() != 0) {
        begun.add((int) done.output().b());
      }
    }
    return begun;
  }

  private static Task task(Input input, int fleet, int server) {
    return Task.call(fleet, input.ordinal(), Payload.ofLong(server));
  }

  private static Hash256 decide(Input input, int most, TaskContext context, Payload server) {
    Book book = new Book(context, server.asLong());
    int fleet = (int) context.task().id();
    Turn turn = book.turn(fleet);
    switch (input) {
      case DUE -> {
        switch (turn.place) {
          case NONE -> book.wait(fleet);
          case RUNS -> turn.place = Place.RUNS_AND_WAITS;
          case LATE -> turn.place = Place.LATE_AND_WAITS;
          default -> {}
        }
      }
      case FINISHED, FAILED -> {
        boolean waitsToo = turn.place.waitsToo();
        if (book.end(turn) && waitsToo && input == Input.FINISHED) {
          book.wait(fleet);
        }
      }
      case LATE -> book.late(turn);
      case WITHDRAWN -> book.withdraw(turn);
      case NEXT -> {}
    }
    Hash256 answer = Hash256.ZERO;
    if (book.first != NOBODY && book.running < most && book.late < most) {
      int begun = book.first;
      book.begin(begun);
      answer = new Hash256(1, begun, 0, 0);
      context.emit(task(Input.NEXT, fleet, (int) server.asLong()));
    }
    book.write();
    return answer;
  }

  /** The place of a fleet; one that waits knows those that wait before and behind it. */
  private static final class Turn {
    private static final int BYTES = 1 + 2 * Integer.BYTES;

    private Place place = Place.NONE;
    private int before = NOBODY;
    private int behind = NOBODY;

    static Turn of(Payload from) {
      Turn turn = new Turn();
      ByteBuffer bytes = ByteBuffer.wrap(from.bytes());
      if (bytes.hasRemaining()) {
        turn.place = Place.values()[bytes.get()];
        turn.before = bytes.getInt();
        turn.behind = bytes.getInt();
      }
      return turn;
    }

    Payload payload() {
      if (place == Place.NONE) {
        return Payload.EMPTY;
      }
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).put((byte) place.ordinal());
      return Payload.of(bytes.putInt(before).putInt(behind).array());
    }
  }

  /**
   * The turns of a server: a queue of those that wait, linked from fleet to fleet, and the numbers
   * of those that run. An input reads and writes a few names, however many fleets there are.
   */
  private static final class Book {
    private static final int BYTES = 4 * Integer.BYTES;

    private final TaskContext context;
    private final String name;
    private final Map<Integer, Turn> touched = new TreeMap<>();
    private int running;
    private int late;
    private int first = NOBODY;
    private int last = NOBODY;

    Book(TaskContext context, long server) {
      this.context = context;
      name = "server " + server;
      ByteBuffer bytes = ByteBuffer.wrap(context.read(name).orElse(Payload.EMPTY).bytes());
      if (bytes.hasRemaining()) {
        running = bytes.getInt();
        late = bytes.getInt();
        first = bytes.getInt();
        last = bytes.getInt();
      }
    }

    Turn turn(int fleet) {
      return touched.computeIfAbsent(
          fleet, it -> Turn.of(context.read(nameOf(it)).orElse(Payload.EMPTY)));
    }

    private static String nameOf(int fleet) {
      return "fleet " + fleet;
    }

    void wait(int fleet) {
      Turn turn = turn(fleet);
      turn.place = Place.WAITS;
      turn.before = last;
      if (last == NOBODY) {
        first = fleet;
      } else {
        turn(last).behind = fleet;
      }
      last = fleet;
    }

    void begin(int fleet) {
      Turn turn = turn(fleet);
      unlink(turn);
      turn.place = Place.RUNS;
      running++;
    }

    boolean end(Turn turn) {
      boolean isLate = turn.place.isLate();
      if (!isLate && !turn.place.isRunning()) {
        return false;
      }
      late -= isLate ? 1 : 0;
      running -= isLate ? 0 : 1;
      turn.place = Place.NONE;
      return true;
    }

    void late(Turn turn) {
      if (turn.place.isRunning()) {
        turn.place = turn.place.waitsToo() ? Place.LATE_AND_WAITS : Place.LATE;
        running--;
        late++;
      }
    }

    void withdraw(Turn turn) {
      if (turn.place == Place.WAITS) {
        unlink(turn);
        turn.place = Place.NONE;
      }
    }

    private void unlink(Turn turn) {
      if (turn.before == NOBODY) {
        first = turn.behind;
      } else {
        turn(turn.before).behind = turn.behind;
      }
      if (turn.behind == NOBODY) {
        last = turn.before;
      } else {
        turn(turn.behind).before = turn.before;
      }
      turn.before = NOBODY;
      turn.behind = NOBODY;
    }

    void write() {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(running).putInt(late);
      context.write(name, Payload.of(bytes.putInt(first).putInt(last).array()));
      touched.forEach((fleet, turn) -> context.write(nameOf(fleet), turn.payload()));
    }
  }

  /** Returns the log of inputs and decisions. */
  public EvidenceLog log() {
    return scheduler.log();
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
