package dev.stowage.sim.tool.simulate;

import dev.stowage.command.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.FleetStage;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.StepOutcome;
import dev.stowage.sim.kit.scenario.words.Nearest;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The workers and zones of a whole run, and those that its events name. Not thread-safe. */
final class Roll implements FleetStage {
  private final SortedMap<String, Worker> workers = new TreeMap<>();
  private final SortedSet<String> zones = new TreeSet<>();
  private final List<Named> named = new ArrayList<>();
  private final Chance chance = Chance.ofSeed(0);
  private int drawn;
  private long line;

  private record Named(long line, String name, boolean isZone) {}

  void join(DrawnWorkers many) {
    try {
      for (String each : many.lines(drawn, chance)) {
        FleetStep.read(each).on(this);
      }
    } catch (UnreadableWord impossible) {
      throw new IllegalStateException(impossible);
    }
    drawn += many.count();
  }

  void joinLike(int count, WorkerId like) {
    name(like);
    Worker known = workers.get(like.value());
    if (known != null) {
      Action.alike(count, known).forEach(this::join);
    }
  }

  void name(WorkerSelection who) {
    who.named().forEach(this::name);
    if (!who.zone().isEmpty()) {
      named.add(new Named(line, who.zone(), true));
    }
  }

  private StepOutcome name(WorkerId worker) {
    named.add(new Named(line, worker.value(), false));
    return StepOutcome.DONE;
  }

  /** Adds a problem for each name in an event that no worker of the run ever has. */
  void refuseUnknown(Profile profile, ProblemList problems) {
    profile
        .from()
        .ifPresentOrElse(
            folder -> folder.workers().forEach(this::join),
            () -> profile.workers().forEach(this::join));
    for (Event each : profile.events()) {
      line = each.line();
      each.action().enlist(this);
    }
    for (Named each : named) {
      Set<String> known = each.isZone ? zones : workers.keySet();
      if (!known.contains(each.name)) {
        String expected = each.isZone ? "a zone of the run" : "a worker of the run";
        Optional<String> near = Nearest.of(each.name, known);
        problems.add(
            new InputProblem(
                profile.name(),
                each.line,
                "events",
                expected + near.map(it -> ", such as " + it).orElse(""),
                InputProblem.quoted(each.name)));
      }
    }
  }

  @Override
  public StepOutcome join(Worker worker) {
    workers.put(worker.id().value(), worker);
    String zone = worker.zone();
    for (int at = zone.indexOf('/'); at >= 0; at = zone.indexOf('/', at + 1)) {
      zones.add(zone.substring(0, at));
    }
    zones.add(zone);
    return StepOutcome.DONE;
  }

  @Override
  public StepOutcome command(Command<?> command) {
    CommandKind.kindOf(command).worker(command).ifPresent(this::name);
    return StepOutcome.DONE;
  }

  @Override
  public StepOutcome describe(WorkerId id, UnaryOperator<Worker> change) {
    return name(id);
  }

  @Override
  public StepOutcome comeBack(WorkerId id) {
    return name(id);
  }

  @Override
  public StepOutcome comeBackEmpty(WorkerId id) {
    return name(id);
  }

  @Override
  public StepOutcome configure(Map<String, String> values) {
    return StepOutcome.DONE;
  }

  @Override
  public long now() {
    return 0;
  }

  @Override
  public Duration tickLength() {
    return Duration.ofSeconds(1);
  }
}
