package dev.stowage.sim.kit.walk;

import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.Deed;
import dev.stowage.sim.kit.scenario.Drawing;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.draw.Sight;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;
import java.util.Optional;

/** One walk: a storm of many steps, then a heal, after which all must be well. */
final class WalkCase {
  /** One walk of so many, by its seed, is compared with the reference model, which is slow. */
  private static final int MODEL_SHARE = 8;

  /** The evidence of one walk of so many is executed once more. */
  private static final int EVIDENCE_SHARE = 3;

  private static final int HEALING_ROUNDS = 12;

  private final WalkModel model;
  private final WalkBackend backend;
  private final long seed;
  private final int steps;
  private final Network network;
  private final Chance chance;
  private final Opening opening;
  private final Killer killer;
  private final List<Deed> deeds = Deed.all();
  private final int[] weights;

  WalkCase(WalkModel model, long seed, int steps, WalkBackend asked) {
    this.model = model;
    this.seed = seed;
    this.steps = steps;
    backend = of(seed, asked);
    Chance root = Chance.ofSeed(seed);
    opening = model.opening(scoredPercent(), root.split()::below);
    network = new Network(root.split(), Storm.drawn(model, root.split()));
    chance = root.split();
    boolean isFaultless = backend.isCompared() && opening.isScored();
    boolean isKilled = backend.isKillable() && model == WalkModel.CRASH && !isFaultless;
    killer = isKilled ? Killer.drawn(root.split()) : Killer.NONE;
    weights = model.weights();
    if (model == WalkModel.SWARM) {
      temper();
    }
  }

  /** Lets a run have a temper of its own; without the deeds of odds 10 and above nothing happens. */
  private void temper() {
    for (int at = 0; at < weights.length; at++) {
      weights[at] *= weights[at] >= 10 ? 1 : chance.below(4);
    }
  }

  /**
   * In a share of the walks a scorer wants the replicas elsewhere. Walks that are compared have no
   * faults beside one, so those that are about faults rarely have one.
   */
  private int scoredPercent() {
    return switch (model) {
      case FLOOD -> 80;
      case CRASH -> backend.isCompared() ? 30 : 60;
      case SWARM -> 60;
      default -> 50;
    };
  }

  /** The backend of a walk of this seed: a share of the walks is compared with the model. */
  static WalkBackend of(long seed, WalkBackend backend) {
    return Math.floorMod(seed, MODEL_SHARE) == 1 ? backend.compared() : backend;
  }

  CaseResult run() {
    try (Play play = new Play(opening, backend)) {
      while (play.story().told() < steps && play.finding().isEmpty()) {
        step(play);
      }
      long inStorm = play.story().told();
      heal(play);
      play.count();
      return new CaseResult(
          model,
          seed,
          play.lines(),
          inStorm,
          play.finding(),
          play.witnessed().counts(),
          play.trace());
    }
  }

  /** The next line: what is due on the network, else what the model draws. */
  private void step(Play play) {
    String due = network.next();
    if (due != null) {
      tell(due, play);
      return;
    }
    killer.next().ifPresent(kill -> tell(kill, play));
    Optional<Drawing.Drawn> drawn = play.draw(deeds, weights, chance::below);
    drawn.ifPresentOrElse(play::tell, () -> play.tell("tick 1"));
    drawn.ifPresent(it -> it.lines().forEach(line -> network.heard(line, play.story())));
  }

  private void tell(String line, Play play) {
    play.tell(line);
    network.heard(line, play.story());
  }

  private void heal(Play play) {
    if (play.finding().isPresent()) {
      return;
    }
    Story story = play.story();
    network.heal();
    if (opening.isClockTrusted()) {
      tell("clock right", play);
      tell("reset-time", play);
    }
    if (opening.isScored()) {
      tell("scorer off", play);
    }
    for (WorkerId id : new Sight(story.books()).workers(each -> each == WorkerStatus.DEPARTED)) {
      tell("return " + id + " disk=kept", play);
    }
    for (WorkerId id :
        new Sight(story.books())
            .workers(each -> each == WorkerStatus.CORDONED || each == WorkerStatus.LEAVING)) {
      tell("uncordon " + id, play);
    }
    if (story.books().isFrozen()) {
      tell("unfreeze", play);
    }
    for (int round = 0; round < HEALING_ROUNDS && play.finding().isEmpty(); round++) {
      for (String line : List.of("tick 1", "schedule", "publish")) {
        tell(line, play);
        drainNetwork(play);
      }
    }
    tell(Story.SETTLE, play);
    play.judge();
    play.expect("reload", Story.RELOADED);
    if (Math.floorMod(seed, EVIDENCE_SHARE) == 1 && !play.lines().contains("restore")) {
      play.expect("evidence", Story.EVIDENCE); // of lost commits there is none
    }
  }

  private void drainNetwork(Play play) {
    for (String due = network.next(); due != null; due = network.next()) {
      tell(due, play);
    }
  }
}
