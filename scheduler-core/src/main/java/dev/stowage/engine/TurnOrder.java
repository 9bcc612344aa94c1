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

  private enum Place {
    WAITS,
    RUNS,
    RUNS_AND_WAITS,
    LATE,
    LATE_AND_WAITS
  }

  private final DeterministicScheduler scheduler;

  /** Creates an order of {@code most} turns at a time on each server, recorded in a log. */
  public TurnOrder(int most, EvidenceLog log) {
    scheduler = DeterministicScheduler.builder(config()).programs(programs(most)).log(log).build();
  }

  public static SchedulerConfig config() {
    return SchedulerConfig.ofCores(SchedulerConfig.MAX_CORES);
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
    String name = "server " + server.asLong();
    int fleet = (int) context.task().id();
    List<Turn> turns = Turn.all(context.read(name).orElse(Payload.EMPTY));
    int at = 0;
    while (at < turns.size() && turns.get(at).fleet != fleet) {
      at++;
    }
    Place place = at < turns.size() ? turns.get(at).place : null;
    boolean waitsToo = place == Place.RUNS_AND_WAITS || place == Place.LATE_AND_WAITS;
    switch (input) {
      case DUE -> {
        if (place == null) {
          turns.add(new Turn(fleet, Place.WAITS));
        } else if (place == Place.RUNS) {
          turns.set(at, new Turn(fleet, Place.RUNS_AND_WAITS));
        } else if (place == Place.LATE) {
          turns.set(at, new Turn(fleet, Place.LATE_AND_WAITS));
        }
      }
      case FINISHED, FAILED -> {
        if (place != null && place != Place.WAITS) {
          turns.remove(at);
          if (waitsToo && input == Input.FINISHED) {
            turns.add(new Turn(fleet, Place.WAITS));
          }
        }
      }
      case LATE -> {
        if (place == Place.RUNS || place == Place.RUNS_AND_WAITS) {
          turns.set(at, new Turn(fleet, waitsToo ? Place.LATE_AND_WAITS : Place.LATE));
        }
      }
      case WITHDRAWN -> {
        if (place == Place.WAITS) {
          turns.remove(at);
        }
      }
      case NEXT -> {}
    }
    int next = next(turns, most);
    Hash256 answer = Hash256.ZERO;
    if (next >= 0) {
      int begun = turns.get(next).fleet;
      turns.set(next, new Turn(begun, Place.RUNS));
      answer = new Hash256(1, begun, 0, 0);
      context.emit(task(Input.NEXT, fleet, (int) server.asLong()));
    }
    context.write(name, Turn.payload(turns));
    return answer;
  }

  private static int next(List<Turn> turns, int most) {
    int running = 0;
    int late = 0;
    int first = -1;
    for (int at = 0; at < turns.size(); at++) {
      switch (turns.get(at).place) {
        case RUNS, RUNS_AND_WAITS -> running++;
        case LATE, LATE_AND_WAITS -> late++;
        case WAITS -> first = first < 0 ? at : first;
      }
    }
    return running < most && late < most ? first : -1;
  }

  private record Turn(int fleet, Place place) {
    static List<Turn> all(Payload from) {
      ByteBuffer bytes = ByteBuffer.wrap(from.bytes());
      List<Turn> turns = new ArrayList<>();
      while (bytes.hasRemaining()) {
        turns.add(new Turn(bytes.getInt(), Place.values()[bytes.get()]));
      }
      return turns;
    }

    static Payload payload(List<Turn> turns) {
      ByteBuffer bytes = ByteBuffer.allocate(turns.size() * (Integer.BYTES + 1));
      turns.forEach(turn -> bytes.putInt(turn.fleet).put((byte) turn.place.ordinal()));
      return Payload.of(bytes.array());
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
