package dev.stowage.sim.kit.walk;

import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.DrawnAction;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.draw.Sight;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;

/** A walk: a storm of many steps, then a heal, after which every oracle must be satisfied. */
final class WalkCase {
  /** One in this many walks, by its seed, is compared with the reference model, which is slow. */
  private static final int MODEL_SHARE = 8;

  /** One in this many walks has its evidence replayed. */
  private static final int EVIDENCE_SHARE = 3;

  private final WalkModel model;
  private final WalkBackend backend;
  private final long seed;
  private final int steps;
  private final Chance chance;
  private final Opening opening;
  private final List<DrawnAction> deeds = DrawnAction.all();
  private final int[] weights;

  WalkCase(WalkModel model, long seed, int steps, WalkBackend asked) {
    this.model = model;
    this.seed = seed;
    this.steps = steps;
    backend = of(seed, asked);
    Chance root = Chance.ofSeed(seed);
    opening = model.opening(scoredPercent(), root.split()::below);
    chance = root.split();
    weights = model.weights();
    if (model == WalkModel.SWARM) {
      temper();
    }
  }

  /** Varies the weights, except odds of 10 and above, without which nothing happens. */
  private void temper() {
    for (int at = 0; at < weights.length; at++) {
      weights[at] *= weights[at] >= 10 ? 1 : chance.below(4);
    }
  }

  /**
   * Returns the share of the walks with a scorer, in percent. A compared walk has no faults beside
   * a scorer, so models about faults rarely have one.
   */
  private int scoredPercent() {
    return switch (model) {
      case FLOOD -> 80;
      case CRASH -> backend.isCompared() ? 30 : 60;
      case SWARM -> 60;
      default -> 50;
    };
  }

  /** Returns the backend of the walk with this seed; some walks are compared with the model. */
  static WalkBackend of(long seed, WalkBackend backend) {
    return Math.floorMod(seed, MODEL_SHARE) == 1 ? backend.compared() : backend;
  }

  CaseResult run() {
    try (Play play = new Play(opening, backend, true)) {
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

  private void step(Play play) {
    play.draw(deeds, weights, chance::below).ifPresentOrElse(play::tell, () -> play.tell("tick 1"));
  }

  private void heal(Play play) {
    if (play.finding().isPresent()) {
      return;
    }
    Story story = play.story();
    story.whatPutsRight().forEach(play::tell);
    for (WorkerId id : new Sight(story.books()).workers(each -> each == WorkerStatus.DEPARTED)) {
      play.tell("return " + id + " disk=kept");
    }
    for (WorkerId id : new Sight(story.books()).workers(each -> each == WorkerStatus.AWAY)) {
      play.tell("back " + id);
    }
    for (WorkerId id :
        new Sight(story.books())
            .workers(each -> each == WorkerStatus.CORDONED || each == WorkerStatus.LEAVING)) {
      play.tell("uncordon " + id);
    }
    if (story.books().isFrozen()) {
      play.tell("unfreeze");
    }
    for (WorkerId id : story.workers()) {
      for (int late = story.reportsOnTheWay(id); late > 0; late--) {
        play.tell("deliver " + id);
      }
    }
    // What others said, and what was late, may be of pressure: it is heard, and then put right.
    play.tell("publish");
    story.whatPutsRight().forEach(play::tell);
    play.tell(Story.SETTLE);
    play.judge();
    play.expect(Play.RELOAD, Story.RELOADED);
    if (Math.floorMod(seed, EVIDENCE_SHARE) == 1 && !play.lines().contains("restore")) {
      play.expect(Play.EVIDENCE, Story.EVIDENCE); // of lost commits there is none
    }
  }
}
