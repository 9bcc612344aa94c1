package dev.stowage.lifecycle.questions;

import dev.stowage.answer.ChunkStatus;
import dev.stowage.answer.Explanation;
import dev.stowage.answer.FleetStanding;
import dev.stowage.answer.Head;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.BudgetRate;
import dev.stowage.answer.Question;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Oversized;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.answering.ChunkStatuses;
import dev.stowage.lifecycle.answering.CopySpeed;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.answering.Inquiry;
import dev.stowage.lifecycle.answering.LeavingCounter;
import dev.stowage.lifecycle.answering.LeavingJudge;
import dev.stowage.lifecycle.answering.Needs;
import dev.stowage.lifecycle.answering.ProgressCounter;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The questions that come with the library. */
public final class Questions {
  private Questions() {}

  private record Named<R>(String name, Needs needs, Function<Reading, R> answers)
      implements Inquiry<R> {
    @Override
    public R answer(Reading reading) {
      return answers.apply(reading);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Asks for state, mark, replicas and winner of up to ten million chunks, one answer to each, in
   * order; an unknown chunk has an answer too. Ingests, offers and reports count at once; removals
   * and swaps, which may be set aside, once a leader has taken them in.
   */
  public static Question<List<ChunkStatus>> status(List<ChunkKey> chunks) {
    NoNulls.in(Oversized.refuse(chunks, "chunks"), "chunks");
    return new Named<>(
        "status",
        new Needs.Chunks(chunks),
        at -> chunks.stream().map(chunk -> ChunkStatuses.of(at.state(), chunk)).toList());
  }

  /**
   * Asks which of up to ten million chunks the fleet does not know, in their order: those whose
   * acknowledged ingest a promoted or restored server has lost, and those that never came, or ended
   * so long ago that they are forgotten. Counts what {@link #status} shows.
   */
  public static Question<List<ChunkKey>> missing(List<ChunkKey> chunks) {
    Inquiry<List<ChunkStatus>> status = Inquiry.of(status(chunks));
    return new Named<>(
        "missing",
        status.needs(),
        at ->
            status.answer(at).stream()
                .filter(it -> it.state().isEmpty())
                .map(ChunkStatus::key)
                .toList());
  }

  /** Asks for the coverage of a dataset, counting what {@link #status} shows. */
  public static Question<Head> head(DatasetId dataset) {
    Needs needs = new Needs.Coverage(Objects.requireNonNull(dataset, "dataset"));
    return new Named<>("head", needs, at -> at.head(dataset));
  }

  /**
   * Asks what a worker still holds, by the event that it waits for; empty if unknown. Floors and
   * marks count once a leader has taken them in. Only a leader knows what its plan says.
   */
  public static Question<Optional<Leaving>> leaving(WorkerId worker) {
    return new Named<>(
        "leaving",
        new Needs.Holdings(List.of(Objects.requireNonNull(worker, "worker"))),
        at -> LeavingCounter.of(at.state(), worker, at.forecast()));
  }

  /** Asks for a verdict for each of {@link Leaving#distinct} workers, in order. */
  public static Question<List<Leaving.Verdict>> leaving(List<WorkerId> workers) {
    List<WorkerId> distinct = Leaving.distinct(workers);
    return new Named<>(
        "leaving",
        new Needs.Holdings(distinct),
        at -> {
          // A verdict rests on no other verdict, so it does not matter who is judged together.
          List<Leaving.Verdict> verdicts = new ArrayList<>(distinct.size());
          at.forSome(
              distinct, (some, ids) -> verdicts.addAll(new LeavingJudge(some.state()).judge(ids)));
          return verdicts;
        });
  }

  /**
   * Asks how each worker stands, in the order of ids. Reports count at once; water levels are those
   * of the newest plan that a leader has made.
   */
  public static Question<List<WorkerStanding>> workers() {
    return new Named<>(
        "workers",
        new Needs.Workers(),
        at -> {
          Function<WorkerId, OptionalLong> levels =
              at.state().kept(KeptValue.LEADER_STANDING).levelByWorker();
          List<WorkerStanding> all = new ArrayList<>();
          at.state().forEachWorker(worker -> all.add(workerStanding(at, worker, levels)));
          return all;
        });
  }

  /** Asks how the fleet stands as a whole. */
  public static Question<FleetStanding> fleet() {
    return new Named<>("fleet", new Needs.Workers(), Questions::fleetStanding);
  }

  private static FleetStanding fleetStanding(Reading at) {
    LifecycleView view = at.state();
    Map<WorkerStatus, Integer> statuses = new EnumMap<>(WorkerStatus.class);
    long[] sums = new long[3];
    view.forEachWorker(worker -> {
      Leaving.Part held = at.held(view.workerId(worker));
      WorkerStatus status = view.worker(worker).status();
      statuses.merge(status, 1, Integer::sum);
      sums[0] += held.replicas();
      sums[1] = SaturatedSum.of(sums[1], held.bytes());
      if (status != WorkerStatus.DEPARTED) {
        sums[2] = SaturatedSum.of(sums[2], view.worker(worker).description().capacityBytes());
      }
    });
    return new FleetStanding(
        view.largestTick().value(),
        view.newestWorkerAssignment().value(),
        view.newestPortalAssignment().value(),
        view.configVersion(),
        view.config().minReplication(),
        view.config().maxReplication(),
        view.isFrozen(),
        view.workerCount(),
        statuses.getOrDefault(WorkerStatus.SUSPECT, 0),
        statuses.getOrDefault(WorkerStatus.DEPARTED, 0),
        statuses.getOrDefault(WorkerStatus.LEAVING, 0),
        sums[0],
        sums[1],
        sums[2]);
  }

  private static WorkerStanding workerStanding(
      Reading at, int worker, Function<WorkerId, OptionalLong> levels) {
    LifecycleView view = at.state();
    WorkerRow row = view.workerRow(worker);
    Leaving.Part held = at.held(row.id());
    long now = view.largestTick().value();
    return new WorkerStanding(
        row.id(),
        view.worker(worker).status(),
        row.description().status() == WorkerStatus.LEAVING,
        row.owesInventory(),
        view.zone(worker),
        held.replicas(),
        held.bytes(),
        row.description().capacityBytes(),
        view.isPlaceable(worker) ? levels.apply(row.id()) : OptionalLong.empty(),
        row.lastSeenTick() < 0 ? 0 : Math.max(0, now - row.lastSeenTick()),
        row.leastCopies() == 0 ? 0 : Math.max(0, row.awayUntil() - now),
        row.leastCopies(),
        row.pressure().band());
  }

  /** Asks what only the leader knows of how the fleet stands, as of its newest cycle. */
  public static Question<AsOf<LeaderStanding>> leader() {
    return new Named<>(
        "leader",
        new Needs.Fleet(),
        at ->
            new AsOf<>(
                at.state().kept(KeptValue.LEADER_STANDING),
                at.state().largestTick(),
                at.state().fleetRow().time()));
  }

  /** Asks for the configuration and its version. */
  public static Question<LifecycleConfig.InForce> config() {
    return new Named<>(
        "config",
        new Needs.Fleet(),
        at -> new LifecycleConfig.InForce(at.state().configVersion(), at.state().config()));
  }

  /**
   * Asks for the copies to go and the time left, by what the newest leader has taken in. Only a
   * leader knows what its plan says.
   *
   * @param tickLength the length of a tick, above zero
   */
  public static Question<Progress> progress(Duration tickLength) {
    Objects.requireNonNull(tickLength, "tickLength");
    return new Named<>(
        "progress",
        new Needs.Everything(),
        at -> ProgressCounter.of(at.state(), at.forecast(), tickLength));
  }

  /** Asks what the movement budget lets the next plan copy, and what that was a second. */
  public static Question<BudgetRate> budget() {
    return new Named<>(
        "budget",
        new Needs.Workers(),
        at -> {
          long nanos = at.state().fleetRow().time().tickNanos();
          Duration tick = nanos == 0 ? Duration.ofSeconds(1) : Duration.ofNanos(nanos);
          return new CopySpeed(at.state(), tick).budgetRate();
        });
  }

  /** Asks why portals do not see a chunk, by what the newest leader has taken in. */
  public static Question<Explanation> whyNotVisible(ChunkKey chunk) {
    Objects.requireNonNull(chunk, "chunk");
    return new Named<>(
        "whyNotVisible", new Needs.Everything(), at -> Explainer.whyNotVisible(at.state(), chunk));
  }

  /** Asks why a swap has not fired, by what the newest leader has taken in. */
  public static Question<Explanation> whySwapWaits(long swapId) {
    return new Named<>(
        "whySwapWaits", new Needs.Everything(), at -> Explainer.whySwapWaits(at.state(), swapId));
  }

  /** Asks why each pending swap has not fired, by id, as {@link #whySwapWaits} does. */
  public static Question<SortedMap<Long, Explanation>> pendingSwaps() {
    return new Named<>(
        "pendingSwaps",
        new Needs.Everything(),
        at -> {
          SortedMap<Long, Explanation> all = new TreeMap<>();
          for (SwapRow swap : at.state().pendingSwaps()) {
            all.put(swap.id(), Explainer.whySwapWaits(at.state(), swap.id()));
          }
          return all;
        });
  }

  /** Asks why a replica came and is still there, by what the newest leader has taken in. */
  public static Question<Explanation> whyHere(ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(worker, "worker");
    return new Named<>(
        "whyHere",
        new Needs.Everything(),
        at -> Explainer.whyHere(at.state(), chunk, worker, at.forecast().stuck()));
  }

  /** Asks why a replica remains, by what the newest leader has taken in and, if it leads, plans. */
  public static Question<Explanation> whyDrainHeld(ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(worker, "worker");
    return new Named<>(
        "whyDrainHeld",
        new Needs.Everything(),
        at -> Explainer.whyDrainHeld(at.state(), chunk, worker, at.forecast().stuck()));
  }
}
