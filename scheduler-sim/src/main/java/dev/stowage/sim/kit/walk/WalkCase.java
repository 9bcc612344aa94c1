package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.Telling;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One walk: a storm of so many steps, then a heal, after which all must be well. */
final class WalkCase {
  private static final int MOST_TRIES = 30;

  /** One walk of so many, by its seed, is compared with the reference model, which is slow. */
  private static final int MODEL_SHARE = 8;

  /** The evidence of one walk of so many is executed once more. */
  private static final int EVIDENCE_SHARE = 3;

  private static final int HEALING_ROUNDS = 12;
  static final String SETTLE = "settle max=300 beside=unknown-bytes";

  private final WalkModel model;
  private final WalkBackend backend;
  private final long seed;
  private final int steps;
  private final Draft draft;
  private final Network network;
  private final Chance chance;
  private final Weights weights;
  private final Opening opening;
  private final Killer killer;
  private final List<Provocation> provocations;
  private final Witnessed witnessed = new Witnessed();
  private final MoveTally moves = new MoveTally(witnessed);
  private final Trace trace = new Trace();
  private final List<String> lines = new ArrayList<>();
  private long told;
  private @Nullable LimitTally bounds;
  private @Nullable Finding finding;

  WalkCase(WalkModel model, long seed, int steps, WalkBackend asked) {
    this.model = model;
    this.seed = seed;
    this.steps = steps;
    backend = of(seed, asked);
    boolean isCompared = backend.isCompared();
    Chance root = Chance.ofSeed(seed);
    Opening drawn = Opening.drawn(model, root.split());
    network = new Network(root.split(), Storm.drawn(model, root.split()));
    Chance drafts = root.split();
    chance = root.split();
    opening = scored(drawn, model, isCompared, root.split());
    draft = new Draft(drafts, opening, isCompared);
    provocations = provocations(model, draft, root);
    boolean isKilled = backend.isKillable() && model == WalkModel.CRASH;
    killer = isKilled && !draft.isFaultless() ? Killer.drawn(root.split()) : Killer.NONE;
    weights = model == WalkModel.SWARM ? model.weights().tempered(chance) : model.weights();
  }

  /** What the model requires, and its deeds alone meet too rarely. */
  private static List<Provocation> provocations(WalkModel model, Draft draft, Chance root) {
    Chance losses = root.split();
    List<Provocation> all = new ArrayList<>();
    if (model.requires("held drain")) {
      all.add(new HeldDrain(losses));
    }
    if (model == WalkModel.PER_WORKER) {
      all.add(new FiredChain(root.split(), draft));
      all.add(new StarvedFloor(root.split()));
    }
    return all;
  }

  /**
   * In a share of the walks a scorer wants the replicas elsewhere. Walks that are compared have no
   * faults beside one, so those that are about faults rarely have one.
   */
  private static Opening scored(Opening drawn, WalkModel model, boolean isCompared, Chance chance) {
    int percent =
        switch (model) {
          case FLOOD -> 80;
          case CRASH -> isCompared ? 30 : 60;
          case SWARM -> 60;
          default -> 50;
        };
    int number = chance.below(1_000_000);
    return chance.happens(percent) ? drawn.withScorer(number) : drawn;
  }

  /** The backend of a walk of this seed: a share of the walks is compared with the model. */
  static WalkBackend of(long seed, WalkBackend backend) {
    return Math.floorMod(seed, MODEL_SHARE) == 1 ? backend.compared() : backend;
  }

  CaseResult run() {
    lines.add(opening.config());
    witnessed.met("walks with a scorer", opening.isScored() ? 1 : 0);
    try (Story story = backend.begin(opening.config(), witnessed)) {
      bounds = new LimitTally(story, witnessed);
      opening.workers().forEach(line -> tell(line, story));
      while (told < steps && finding == null) {
        step(story);
      }
      long inStorm = told;
      heal(story);
      count(story);
      return new CaseResult(
          model,
          seed,
          lines,
          inStorm,
          Optional.ofNullable(finding),
          witnessed.counts(),
          trace.digest());
    }
  }

  /** The next line: what is due on the network, else what the model draws. */
  private void step(Story story) {
    String due = network.next();
    if (due != null) {
      tell(due, story);
      return;
    }
    killer.next().ifPresent(kill -> tell(kill, story));
    for (Provocation provocation : provocations) {
      List<String> lines = provocation.lines(story);
      if (!lines.isEmpty()) {
        lines.forEach(line -> tell(line, story));
        return;
      }
    }
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Deed deed = weights.draw(chance);
      Optional<String> line = draft.line(deed, story);
      if (line.isPresent()) {
        witnessed.met("did: " + deed.title());
        boolean settles = line.get().startsWith("settle");
        boolean isTimeRight = Retelling.isTimeRight(lines);
        tell("scorer off", settles && opening.isScored(), story);
        tell("clock right", settles && !isTimeRight, story);
        tell("reset-time", settles && !isTimeRight, story);
        tell(line.get(), story);
        if (deed == Deed.STRONG) {
          judge(story);
        }
        tell("scorer on", settles && opening.isScored(), story);
        return;
      }
    }
    tell("tick 1", story);
  }

  private void tell(String line, boolean isTold, Story story) {
    if (isTold) {
      tell(line, story);
    }
  }

  private void tell(String line, Story story) {
    if (finding != null) {
      return;
    }
    Telling telling = story.tell(line);
    told++;
    if (telling instanceof Telling.Senseless) {
      return;
    }
    lines.add(line);
    telling.expectation().ifPresent(lines::add);
    if (telling instanceof Telling.Broken broken) {
      finding = broken.finding(); // it may have left a world that answers nothing
      return;
    }
    trace.add(line, telling.expectation().orElse(""), story);
    met(line, telling, story);
    moves.observe(story.moves());
    if (bounds != null) {
      bounds.observe(line, story);
    }
    network.heard(line, story);
    if (line.startsWith("settle") && story.isSettled()) {
      starved(story);
      drained(story);
      even(story);
      spread(story);
    }
    if (line.equals("schedule")) {
      deferred(story);
    }
  }

  private void met(String line, Telling telling, Story story) {
    switch (line.split(" ")[0]) {
      case "crash", "takeover", "restore" -> witnessed.met(line);
      case "fault" -> {
        witnessed.met("interruption");
        witnessed.met(Killer.KILLED, line.contains("killed") ? 1 : 0);
      }
      case "publish" -> story.published().ifPresent(cycle -> chains(cycle, story));
      case "settle" -> {
        witnessed.met("settled", story.isSettled() ? 1 : 0);
        witnessed.met("restless beside unknown bytes", story.isSettled() ? 0 : 1);
      }
      default -> {}
    }
    if (line.startsWith("clock ") && !line.endsWith("right")) {
      witnessed.met("wrong clock");
    }
    if (line.equals("schedule")) {
      story
          .scheduled()
          .ifPresent(cycle -> {
            witnessed.met("guarded", cycle.guarded().size());
            witnessed.met("stuck replica", cycle.stuck().size());
          });
    }
    if (line.endsWith(" late")) {
      witnessed.met("late report");
    }
    if (line.contains(" weight=1") && !line.contains(" weight=12")) {
      witnessed.met("burst", model == WalkModel.FLOOD ? 1 : 0);
    }
    if (telling instanceof Telling.Fenced) {
      witnessed.met("fenced");
    }
  }

  /** Whether one of the swaps that fired produced what another one replaced. */
  private void chains(Result.Published cycle, Story story) {
    if (cycle.fired().size() < 2) {
      return;
    }
    Set<ChunkKey> produced = new HashSet<>();
    Set<ChunkKey> replaced = new HashSet<>();
    for (long id : cycle.fired()) {
      Optional<SwapRow> swap = story.books().swap(id);
      swap.ifPresent(row -> produced.addAll(row.newChunks()));
      swap.ifPresent(row -> replaced.addAll(row.oldChunks()));
    }
    produced.retainAll(replaced);
    witnessed.met("fired chain", Math.min(1, produced.size()));
  }

  // ---- heal ----

  private void heal(Story story) {
    if (finding != null) {
      return;
    }
    network.heal();
    tell("clock right", opening.isClockTrusted(), story);
    tell("reset-time", opening.isClockTrusted(), story);
    tell("scorer off", opening.isScored(), story);
    for (WorkerId id : new Sight(story.books()).workers(each -> each == WorkerStatus.DEPARTED)) {
      tell("return " + id + " disk=kept", story);
    }
    for (WorkerId id :
        new Sight(story.books())
            .workers(each -> each == WorkerStatus.CORDONED || each == WorkerStatus.LEAVING)) {
      tell("uncordon " + id, story);
    }
    if (model == WalkModel.SWARM) {
      tell("unfreeze", story);
    }
    for (int round = 0; round < HEALING_ROUNDS && finding == null; round++) {
      tell("tick 1", story);
      drainNetwork(story);
      tell("schedule", story);
      drainNetwork(story);
      tell("publish", story);
      drainNetwork(story);
    }
    tell(SETTLE, story);
    judge(story);
    reload(story);
    evidence(story);
  }

  /** What another scheduler loads is what this one had. */
  private void reload(Story story) {
    if (finding != null) {
      return;
    }
    witnessed.met("reload");
    found(Story.RELOADED, story);
  }

  /** What is expected and not seen ends the walk, and its file. */
  private void found(String expectation, Story story) {
    finding = story.missed(expectation).orElse(null);
    if (finding != null) {
      lines.add(expectation);
    }
  }

  private void evidence(Story story) {
    boolean isDrawn = Math.floorMod(seed, EVIDENCE_SHARE) == 1;
    if (finding != null || !isDrawn || lines.contains("restore")) {
      return; // of lost commits there is no evidence
    }
    witnessed.met("evidence");
    found(Story.EVIDENCE, story);
  }

  private void count(Story story) {
    long compared = story.comparisonsWithTheModel();
    witnessed.met("compared with the model", compared);
    witnessed.met("walks beside the model", Math.min(1, compared));
    witnessed.met("fed plans beside fresh ones", story.freshPlansBesideFed());
    witnessed.met("published documents", story.documentsRead());
    story.judged().forEach(witnessed::met);
  }

  private void drainNetwork(Story story) {
    for (String due = network.next(); due != null; due = network.next()) {
      tell(due, story);
    }
  }

  // ---- convergence ----

  /** Measured: on its way a fleet may defer what would fit if it were packed anew. */
  private void deferred(Story story) {
    boolean isDeferred = story.scheduled().filter(it -> !it.deferred().isEmpty()).isPresent();
    if (isDeferred) {
      witnessed.met("deferrals judged");
      boolean fits = Packing.fits(story.books(), Set.of());
      witnessed.met("deferral that would fit from empty", fits ? 1 : 0);
    }
  }

  /** Floors take what bonuses hold, whether or not there is room for all of them. */
  private void starved(Story story) {
    if (finding == null) {
      witnessed.met("settled floors before bonuses");
      found(Story.FLOORS_FIRST, story);
    }
  }

  /** Load is even once a fleet has settled in which nothing else decides. */
  private void even(Story story) {
    if (finding == null && story.isLevelAlone()) {
      witnessed.met("balance");
      witnessed.met("uneven", story.uneven().isPresent() ? 1 : 0);
    }
  }

  /** Copies lie in as many domains of each level as they can once a fleet has settled. */
  private void spread(Story story) {
    if (finding == null && story.isSpreadJudged()) {
      witnessed.met("spread by level");
      found(Story.SPREAD, story);
    }
  }

  /** Nothing is superseded or draining once a fleet has settled for which there is room. */
  private void drained(Story story) {
    witnessed.met("crowded by unknown bytes", story.isCrowded() ? 1 : 0);
    if (finding != null || !Packing.isRoomFor(story)) {
      return;
    }
    witnessed.met("weak convergence");
    story
        .undrained()
        .ifPresent(key -> {
          finding = new Finding("drains end", key + " is superseded or draining for ever");
          lines.add("expect replicas " + key + " superseded = 0");
          lines.add("expect replicas " + key + " draining = 0");
        });
  }

  /** All is well once a fleet has settled for which there is room. */
  private void judge(Story story) {
    if (finding != null || !story.isSettled() || !Packing.isRoomFor(story)) {
      return;
    }
    witnessed.met("strong convergence");
    story
        .unsettled()
        .ifPresent(what -> {
          finding = new Finding("convergence", what);
          lines.add("expect converged");
        });
  }
}
