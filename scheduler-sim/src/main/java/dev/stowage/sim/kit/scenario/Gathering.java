package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.sim.kit.world.StepFailure;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The steps whose commands wait for each other, so that the facade decides them as one group. Each
 * step runs up to its first command; there the next step begins, within its call. The last one has
 * the group decided, and every call returns with its own answer: no step needs a thread. A step
 * that makes no sense when its turn comes is left out. Not thread-safe.
 */
final class Gathering {
  private record Member(Command<?> command, long tick) {}

  private final ScenarioWorld world;
  private final ArrayDeque<ScenarioStep> toCome;
  private final List<StepOutcome> outcomes = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();

  /** The stages of the members; null for one that is to be submitted. */
  private final List<@Nullable CompletableFuture<Result>> stages = new ArrayList<>();

  private RetryUntilDurable.@Nullable Attempt<List<Result>> answers;

  Gathering(ScenarioWorld world, List<ScenarioStep> steps) {
    this.world = world;
    this.toCome = new ArrayDeque<>(steps);
  }

  /** Runs the steps; returns the end of each, in order. */
  List<StepOutcome> run() {
    gather();
    return List.copyOf(outcomes);
  }

  /** Reports whether the next command joins the group. */
  boolean isOpen() {
    return answers == null;
  }

  /** Reports whether a command waits to be decided. */
  boolean isWaiting() {
    return isOpen() && !members.isEmpty();
  }

  private void gather() {
    while (!toCome.isEmpty()) {
      int at = outcomes.size();
      outcomes.add(StepOutcome.UNSENT);
      ScenarioStep step = toCome.remove();
      try {
        outcomes.set(at, step.run(world));
      } catch (StepFailure impossible) {
        // It stays unsent.
      }
    }
  }

  /** Adds a command, and returns its answer once the group is decided. */
  RetryUntilDurable.Attempt<Result> join(Command<?> command, long tick) {
    int mine = members.size();
    members.add(new Member(command, tick));
    stages.add(null);
    gather();
    RetryUntilDurable.Attempt<List<Result>> decided = answers;
    if (decided == null) {
      decided = world.patience.attempt(this::decide);
      answers = decided;
    }
    return new RetryUntilDurable.Attempt<>(decided.value().get(mine), decided.isDoubtful());
  }

  /**
   * Submits every command that has no answer yet, or all of them again if all have one, and drives
   * the facade. Throws what the store threw if a command was not answered.
   */
  private List<Result> decide() {
    if (stages.stream().allMatch(Objects::nonNull)) {
      Collections.fill(stages, null);
    }
    for (int at = 0; at < stages.size(); at++) {
      if (stages.get(at) == null) {
        Member member = members.get(at);
        stages.set(at, world.submitted(member.command(), member.tick()));
      }
    }
    world.driveGroup();
    List<Result> answered = new ArrayList<>();
    StorageException.@Nullable Transient interrupted = null;
    for (int at = 0; at < stages.size(); at++) {
      CompletableFuture<Result> stage = stages.get(at);
      if (stage == null || !stage.isDone()) {
        throw new IllegalStateException("nobody answered " + members.get(at).command());
      }
      try {
        answered.add(stage.join());
      } catch (CompletionException failed) {
        stages.set(at, null);
        interrupted = graver(interrupted, interruption(failed));
      }
    }
    if (interrupted != null) {
      throw interrupted;
    }
    return answered;
  }

  private static StorageException.Transient interruption(CompletionException failed) {
    if (failed.getCause() instanceof StorageException.Transient interrupted) {
      return interrupted;
    } else if (failed.getCause() instanceof RuntimeException ours) {
      throw ours;
    } else if (failed.getCause() instanceof Error ours) {
      throw ours;
    }
    throw failed;
  }

  /** Returns the failure after which a command may have taken effect, if either is one. */
  private static StorageException.Transient graver(
      StorageException.@Nullable Transient one, StorageException.Transient other) {
    return one != null && one.outcome() == StorageException.Outcome.UNKNOWN ? one : other;
  }
}
