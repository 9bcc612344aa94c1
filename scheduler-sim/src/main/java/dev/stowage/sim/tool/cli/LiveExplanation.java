package dev.stowage.sim.tool.cli;

import dev.stowage.answer.Explanation;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.engine.MoveForesight;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.sim.tool.plan.ChunkNames;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An explanation of a live fleet: why a chunk lies where it does, or why a worker is full. */
final class LiveExplanation {
  private final Console console;
  private final LiveStore store;

  LiveExplanation(Console console, LiveStore store) {
    this.console = console;
    this.store = store;
  }

  /** Explains the argument that is not null. */
  int of(@Nullable String chunk, @Nullable String worker) throws UnreadableException {
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      List<QuarantinedNews> aside = new ArrayList<>();
      LifecycleState state =
          store.with(live -> {
            aside.addAll(live.quarantine(Long.MIN_VALUE, LiveStore.AT_ONCE));
            return store.started(live.read());
          });
      progress.at(1 / 2.0, "planning");
      return ExplainCommand.told(
          console, chunk != null ? ofChunk(state, aside, chunk) : ofWorker(state, worker));
    }
  }

  private static Explanation ofChunk(LifecycleState state, List<QuarantinedNews> aside, String text)
      throws UnreadableException {
    ChunkKey key =
        ChunkNames.find(
                text, each -> state.chunkPosition(each) >= 0 || !naming(each, aside).isEmpty())
            .orElseThrow(() ->
                new UnreadableException(
                    "stowage: " + Words.noChunk(text, "the fleet", chunks(state))));
    Explanation placed = planned(state).explain(key).orElse(new Explanation(key.path(), List.of()));
    Explanation found = Explainer.withOrigins(state, placed, key);
    List<String> lines = new ArrayList<>(found.lines());
    Reading.of(state)
        .answer(Questions.whyNotVisible(key))
        .lines()
        .forEach(reason -> lines.add("not visible: " + reason));
    naming(key, aside).forEach(reason -> lines.add("set aside: " + reason));
    if (state.chunkPosition(key) >= 0) {
      MoveForesight.foresee(state, key, LiveTime.of(state).tickLength())
          .ifPresent(why -> lines.add("rebalancer: " + why.verdict() + ", " + why.reason()));
    }
    return new Explanation(found.subject(), lines);
  }

  /** Returns the reasons of what was set aside that name a chunk, with its other letters as ?. */
  private static List<String> naming(ChunkKey key, List<QuarantinedNews> aside) {
    String name = " " + key.path().replaceAll("[^ -~]", "?") + ": ";
    return aside.stream().map(QuarantinedNews::reason).filter(it -> it.contains(name)).toList();
  }

  private static Explanation ofWorker(LifecycleState state, @Nullable String name)
      throws UnreadableException {
    WorkerId id = known(state, String.valueOf(name));
    Explanation why = planned(state).explain(id).orElseThrow();
    List<String> lines = new ArrayList<>(why.lines());
    lines.addAll(leaving(state, id));
    state.kept(KeptValue.AVOIDED).stream()
        .filter(each -> each.worker().equals(id))
        .filter(each -> each.untilTick() > state.largestTick().value())
        .forEach(
            each -> lines.add("avoided until tick " + each.untilTick() + ": " + each.reason()));
    return new Explanation(why.subject(), lines);
  }

  /** Returns the worker of a name. */
  static WorkerId known(LifecycleState state, String name) throws UnreadableException {
    List<String> ids = workers(state);
    if (!ids.contains(name)) {
      throw new UnreadableException("stowage: " + Words.none("worker", name, "the fleet", ids));
    }
    return WorkerId.of(name);
  }

  private static List<ChunkKey> chunks(LifecycleState state) {
    List<ChunkKey> keys = new ArrayList<>();
    state.forEachChunk(chunk -> keys.add(state.chunkRow(chunk).key()));
    return keys;
  }

  private static List<String> workers(LifecycleState state) {
    List<String> ids = new ArrayList<>();
    state.forEachWorker(worker -> ids.add(state.workerRow(worker).id().value()));
    return ids;
  }

  /** Carries out the next cycle, in a state that nobody else reads, to tell what it would do. */
  private static List<String> leaving(LifecycleState state, WorkerId id) {
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    lifecycle.execute(state, new LeaderCommand.Schedule(PlanningAdvice.NONE), state.largestTick());
    return Reading.of(state, lifecycle.forecast())
        .answer(Questions.leaving(id))
        .filter(said -> said.status() == WorkerStatus.LEAVING)
        .map(said -> said.lines().stream().map(line -> "leaving: " + line).toList())
        .orElse(List.of());
  }

  /** Returns the plan of the next cycle; even a fleet at rest is planned for. */
  private static CyclePlan planned(LifecycleState state) {
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    return lifecycle.foresee(state, new LeaderCommand.Schedule(), state.largestTick());
  }
}
