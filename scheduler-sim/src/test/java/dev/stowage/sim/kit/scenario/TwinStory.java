package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.List;

/**
 * A story told to the engine over the memory store and, command by command, to the reference model;
 * after each command the answers are compared, and the states. Lines are those of scenario files
 * (expectations are passed over), and a few more of what an honest world never says:
 *
 * <ul>
 *   <li>{@code partly W N}: W reports that it applied the newest assignment but N
 *   <li>{@code wrong life W}, {@code wrong lineage W}, {@code wrong id W}, {@code wrong number W}
 *   <li>{@code publish late N}: a visibility cycle that commits N ticks later
 *   <li>{@code back N}: both cycles, called with a tick that lies N before the present one; no
 *       promise is made to portals that go by the present one
 * </ul>
 */
final class TwinStory implements AutoCloseable {
  /** Calls the cycles with an earlier tick; the word of scenario files names a worker. */
  private static final String CLOCK_BACK = "back [0-9]+";

  private final Shadow shadow;
  private final ScenarioWorld world;
  private final boolean isAudited;
  private boolean isLying;

  /** A world without workers, audited or not, and its model. */
  TwinStory(Settings settings, boolean isAudited) {
    this.isAudited = isAudited;
    shadow =
        new Shadow(
            settings,
            isAudited
                ? same -> ScenarioWorld.audited(same, new MemoryScenarioStore())
                : ScenarioWorld::unaudited);
    world = shadow.world();
  }

  ScenarioWorld world() {
    return world;
  }

  /** Where the core and the model went apart, or an audit failed; empty while all is well. */
  List<String> differences() {
    return shadow.differences();
  }

  /** Tells one line; whether the story may go on. */
  boolean tell(String line) {
    // Under the new policy portals are sent elsewhere from the next visibility cycle on.
    isLying |= line.startsWith("set confirmation");
    try {
      shadow.before(line);
      if (!tellOtherwise(line)) {
        StepReader.read(line).run(world);
      }
      if (differences().isEmpty()) {
        if (isAudited && !isLying) {
          world.audit();
        }
        shadow.compare(line);
      }
    } catch (InvariantViolation broken) {
      differences().add("audit: " + broken.getMessage());
    } catch (StepFailure senseless) {
      return differences().isEmpty();
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(line, unreadable);
    }
    return differences().isEmpty();
  }

  /** Reports whether a line is one of those that scenario files do not know. */
  static boolean isOwn(String line) {
    return line.matches("(partly|wrong|publish late) .*|" + CLOCK_BACK);
  }

  private boolean tellOtherwise(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "partly" -> partly(WorkerId.of(words[1]), Long.parseLong(words[2]));
      case "wrong" -> wrong(words[1], WorkerId.of(words[2]));
      case "back" -> {
        if (!line.matches(CLOCK_BACK)) {
          return false;
        }
        long then = Math.max(0, world.time.tick() - Long.parseLong(words[1]));
        world.commandAt(new Command.Schedule(), then);
        world.commandAt(Command.Publish.now(), then);
        // A clock that runs behind theirs breaks the contract with them.
        world.portals.clear();
      }
      case "publish" -> {
        if (words.length == 1) {
          return false;
        }
        world.command(new Command.Publish(world.time.tick() + Long.parseLong(words[2])));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void partly(WorkerId id, long behind) {
    LifecycleSnapshot books = world.books();
    int position = books.workerPosition(id);
    if (position >= 0) {
      // Who says that it has what it has not can no longer be held to what it has.
      isLying = true;
      WorkerRow row = books.workerRow(position);
      long newest = Math.max(0, books.newestWorkerAssignment().value() - behind);
      applied(row, row.incarnation().value(), books.lineage(), newest);
    }
  }

  private void wrong(String what, WorkerId id) {
    LifecycleSnapshot books = world.books();
    int position = books.workerPosition(id);
    long newest = books.newestWorkerAssignment().value();
    if (position < 0) {
      return;
    }
    WorkerRow row = books.workerRow(position);
    long life = row.incarnation().value();
    switch (what) {
      case "life" -> applied(row, Math.max(0, life - 1), books.lineage(), newest);
      case "lineage" -> applied(row, life, Lineage.of(99), newest);
      case "id" -> applied(row, life, books.lineage(), newest + 1);
      default ->
          world.command(
              new Command.Heartbeat(
                  new ReportHeader(
                      id, row.incarnation(), books.lineage(), Math.max(1, row.lastReport()))));
    }
  }

  private void applied(WorkerRow row, long life, Lineage lineage, long assignment) {
    ReportHeader header =
        new ReportHeader(
            row.description().id(), Incarnation.of(life), lineage, row.lastReport() + 1);
    world.command(new Command.Applied(header, WorkerAssignmentId.of(assignment), List.of()));
  }

  @Override
  public void close() {
    world.close();
  }
}
