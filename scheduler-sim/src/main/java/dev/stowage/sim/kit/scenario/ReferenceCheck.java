package dev.stowage.sim.kit.scenario;

import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.sim.kit.reference.ReferenceModel;
import dev.stowage.sim.kit.scenario.oracles.DocumentOracle;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.words.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The naive reference model beside a world. It receives every command; its answers and its state
 * are compared with the world after each. It plans from scratch every time, because a plan is its
 * input. A world whose store fails cannot have one, since it does not receive commands that later
 * prove durable. Not thread-safe.
 */
final class ReferenceCheck implements StowageListener {
  private static final List<String> CHANGE_OF_SCHEDULER =
      List.of("crash", "takeover", "restore", "old");

  private final List<String> differences = new ArrayList<>();
  private final DocumentOracle documents = new DocumentOracle();
  private final DocumentOracle others = new DocumentOracle();
  private final ScenarioWorld world;
  private final StowageListener inner;
  private ReferenceModel model;
  private @Nullable ReferenceModel checkpoint;
  private @Nullable PlacementPlan plan;

  /** True if news was read after the plan was made. */
  private boolean isOvertaken;

  /** The model from which an overtaken plan was made; otherwise null. */
  private @Nullable ReferenceModel planned;

  private boolean isSteady;
  private final boolean isClockTrusted;
  private long comparisons;

  /** True if no command has run since the last comparison. */
  private boolean isCompared;

  ReferenceCheck(Settings settings, Function<Settings, ScenarioWorld> opened) {
    PlacementPlanner planner = settings.planner;
    settings.planner =
        input -> {
          PlacementPlan made = planner.plan(input);
          plan = made;
          if (!world().isBesidePlan()) {
            planned = null;
            isOvertaken = false;
          }
          return made;
        };
    inner = settings.listener;
    settings.listener = this;
    world = opened.apply(settings);
    world.faults.onNews(() -> isOvertaken |= plan != null);
    LifecycleSnapshot books = world.books();
    model = new ReferenceModel(books.config(), books.lineage());
    isClockTrusted = settings.isClockTrusted || settings.isClockOwn;
    if (isClockTrusted) {
      model.believeTheTime();
    }
  }

  ScenarioWorld world() {
    return world;
  }

  List<String> differences() {
    return differences;
  }

  /** Returns a problem with the documents of this world or another; empty if there is none. */
  Optional<Finding> documents(ScenarioWorld other) {
    List<WorkerId> workers = world.workers().stream().map(ScriptedWorker::id).toList();
    return other == world
        ? documents.look(world.view(), workers)
        : others.look(other.view(), workers).or(() -> documents.look(world.view(), workers));
  }

  long documentsRead() {
    return documents.read() + others.read();
  }

  long comparisons() {
    return comparisons;
  }

  @Override
  public void executed(Tick tick, Command<?> command, Result result) {
    inner.executed(tick, command, result);
    if (command instanceof LeaderCommand.Keep) {
      return; // what other packages keep with a fleet is none of the protocol's business
    }
    PlacementPlan made = command instanceof LeaderCommand.Schedule ? plan : null;
    ReferenceModel madeFrom = planned;
    if (made != null) {
      plan = null;
      planned = null;
      isOvertaken = false;
    } else if ((isOvertaken || world.isBesidePlan()) && planned == null) {
      planned = model.copy(); // what comes now, the plan does not know
    }
    if (isClockTrusted && result.code() == ResultCode.TIME_JUMP) {
      return; // it changes nothing, as the comparison behind it sees
    }
    isCompared = false;
    comparisons++;
    for (String found :
        model.execute(command, tick, made, made == null ? null : madeFrom, result)) {
      differences.add(command.getClass().getSimpleName() + ": " + found);
    }
    // News is in one transaction with what comes next, as groups are, and heard of after all.
    boolean isWhole =
        !(command instanceof LeaderCommand.SetAside) && !world.isNews() && !world.isGathering();
    if (isSteady && isWhole && differences.isEmpty()) {
      compare(command.getClass().getSimpleName());
    }
  }

  /** Records a throwable as a difference, since the facade carries on after one. */
  @Override
  public void failed(Throwable failure) {
    differences.add(
        "the comparison with the reference model, or another listener, failed: " + failure);
  }

  /** Prepares the comparison; call it before each step of the world. */
  void before(String line) {
    String word = line.split(" ", 2)[0];
    isSteady = !CHANGE_OF_SCHEDULER.contains(word);
    isCompared &= isSteady;
    plan = null;
    planned = null;
    isOvertaken = false;
    if (word.equals("checkpoint")) {
      checkpoint = model.copy();
    } else if (word.equals("restore") && checkpoint != null) {
      model = checkpoint.copy();
    }
  }

  void compare(String after) {
    if (isCompared) {
      return;
    }
    isCompared = true;
    comparisons++;
    for (String found : model.differences(world.books(), world.routes())) {
      differences.add("after " + after + ": " + found);
    }
  }
}
