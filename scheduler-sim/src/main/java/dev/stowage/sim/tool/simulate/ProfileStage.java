package dev.stowage.sim.tool.simulate;

import dev.stowage.StowageConfig;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.FleetStage;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.StepOutcome;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.tool.catalogue.Correction;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.run.FleetRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The fleet of a run, on which the events of a profile happen. Not thread-safe. */
final class ProfileStage implements FleetStage {
  private final FleetRun run;
  private final ChunkSource source;
  private final List<Correction> listed;
  private final Chance chance;

  /** The workers that come back, by the step of their return. */
  private final NavigableMap<Integer, List<WorkerId>> returning = new TreeMap<>();

  /** The total of each window whose amount is spread. */
  private final Map<Window, Long> totals = new HashMap<>();

  private int step;
  private int joined;
  private long corrected;

  /**
   * Creates a stage on which nothing happened yet.
   *
   * @param listed the corrections of the catalogue
   */
  ProfileStage(FleetRun run, ChunkSource source, List<Correction> listed, Chance chance) {
    this.run = run;
    this.source = source;
    this.listed = listed;
    this.chance = chance;
  }

  /** Begins a step: workers whose absence is over come back. */
  void begins(int next) {
    step = next;
    List<WorkerId> back = returning.remove(next);
    if (back != null) {
      back.forEach(run.world()::comeBack);
    }
  }

  // ---- chunks ----

  /** Returns the swaps that were registered. */
  long corrected() {
    return corrected;
  }

  /** Fills the fleet with the chunks of the beginning. */
  void fill() {
    ingest(source.initial(chance.split()));
  }

  /** Returns the amount of a window in chunks, counted when the window begins. */
  long total(Amount amount, Window window) {
    return window.isSpread()
        ? totals.computeIfAbsent(window, any -> amount.of(live()))
        : amount.of(live());
  }

  private long live() {
    LifecycleSnapshot books = run.fleet().ask(Audit.STATE);
    long[] count = new long[1];
    for (int chunk = 0; chunk < books.chunkLimit(); chunk++) {
      count[0] += books.isChunk(chunk) && books.isLive(chunk) ? 1 : 0;
    }
    return count[0];
  }

  void chunks(String word, long count) {
    switch (word) {
      case "grow" -> {
        List<Chunk> chunks = new ArrayList<>();
        for (long i = 0; i < count; i++) {
          chunks.add(source.next(chance));
        }
        ingest(chunks);
      }
      case "remove" ->
          drawn(count)
              .forEach(chunk -> accepted(command(new Command.Remove(chunk.key())), "remove"));
      default -> drawn(count).forEach(this::correct);
    }
  }

  private void ingest(List<Chunk> chunks) {
    run.ingest(chunks)
        .ifPresent(refused ->
            accepted(
                StepOutcome.of(refused), "ingest " + refused.items().get(0).key() + " and others"));
  }

  private void correct(Chunk old) {
    Chunk next =
        new Chunk(
            ChunkKey.of(old.key().dataset().value(), old.key().id() + "." + (corrected + 1)),
            old.range(),
            old.sizeBytes(),
            old.weight(),
            old.eligibility());
    corrected++;
    swap(old.key(), next);
  }

  private void swap(ChunkKey old, Chunk next) {
    Result answer =
        run.fleet().swap(old.dataset(), List.of(old), List.of(next), run.world().nowNanos());
    accepted(StepOutcome.of(answer), "swap " + old);
  }

  /** Registers one of {@code count} parts of the corrections that the catalogue lists. */
  void correctListed(int place, int count) {
    Set<ChunkKey> replaced = new HashSet<>();
    listed.forEach(each -> replaced.add(each.replaced()));
    int from = (int) ((long) listed.size() * place / count);
    int to = (int) ((long) listed.size() * (place + 1) / count);
    for (Correction each : listed.subList(from, to)) {
      swap(each.replaced(), each.replacement());
      corrected++;
      if (replaced.contains(each.replacement().key())) {
        run.passing(each.replacement());
      }
    }
  }

  void replace(DatasetId dataset) {
    List<Chunk> all = visible(chunk -> chunk.key().dataset().equals(dataset));
    refuseNone(all, dataset);
    all.forEach(this::correct);
  }

  void copy(DatasetId from, DatasetId to) {
    List<Chunk> all = visible(chunk -> chunk.key().dataset().equals(from));
    refuseNone(all, from);
    List<Chunk> copies = new ArrayList<>();
    for (Chunk each : all) {
      copies.add(
          new Chunk(
              ChunkKey.of(to.value(), each.key().id()),
              each.range(),
              each.sizeBytes(),
              each.weight(),
              each.eligibility()));
    }
    ingest(copies);
  }

  private static void refuseNone(List<Chunk> chunks, DatasetId dataset) {
    if (chunks.isEmpty()) {
      throw new StepRefused("no chunk of dataset " + dataset + " is visible");
    }
  }

  /** Draws visible chunks that no pending swap replaces; all of them if there are no more. */
  private List<Chunk> drawn(long count) {
    List<Chunk> all = visible(chunk -> true);
    int most = (int) Math.min(count, all.size());
    for (int i = 0; i < most; i++) {
      int other = i + chance.below(all.size() - i);
      Chunk moved = all.set(i, all.get(other));
      all.set(other, moved);
    }
    return all.subList(0, most);
  }

  private List<Chunk> visible(Function<Chunk, Boolean> isMeant) {
    LifecycleSnapshot books = run.fleet().ask(Audit.STATE);
    Set<ChunkKey> ending = new HashSet<>();
    for (SwapRow swap : books.pendingSwaps()) {
      ending.addAll(swap.oldChunks());
    }
    List<Chunk> all = new ArrayList<>();
    for (int at = 0; at < books.chunkLimit(); at++) {
      if (books.isChunk(at) && books.chunkState(at) == ChunkState.VISIBLE && books.isLive(at)) {
        ChunkRow row = books.chunkRow(at);
        OptionalInt weight = row.weight() > 0 ? OptionalInt.of(row.weight()) : OptionalInt.empty();
        Chunk chunk = new Chunk(row.key(), row.range(), row.sizeBytes(), weight, row.eligibility());
        if (isMeant.apply(chunk) && !ending.contains(chunk.key())) {
          all.add(chunk);
        }
      }
    }
    all.sort(Chunk.CANONICAL_ORDER);
    return all;
  }

  // ---- workers ----

  void join(DrawnWorkers drawn) {
    for (String line : drawn.lines(joined, chance)) {
      carryOut(line);
    }
    joined += drawn.count();
  }

  /** Lets workers join that are described as another one, which has joined. */
  void joinLike(int count, WorkerId like) {
    requireJoined(like);
    Action.alike(count, run.world().described(like))
        .forEach(each -> accepted(join(each), "join " + each.id()));
  }

  /** Lets the workers of a folder join, all of them active at first. */
  void joinAsIn(FleetFolder folder) {
    for (Worker worker : folder.workers()) {
      accepted(
          join(Worker.of(worker.id(), 0).described(worker.description())), "worker " + worker.id());
    }
  }

  /** Gives each worker the status that a folder lists, and the fleet what is pending there. */
  void beginAsIn(FleetFolder folder) {
    for (Command<?> each : folder.pending()) {
      StepOutcome outcome = command(each);
      if (!outcome.isDone()) {
        run.note("not kept of the folder: " + each + ": " + outcome.refusal());
      }
    }
    for (Worker worker : folder.workers()) {
      if (worker.status() != WorkerStatus.ACTIVE) {
        Command<?> status = new Command.SetStatus(worker.id(), worker.status());
        accepted(command(status), worker.id() + " " + worker.status());
      }
    }
  }

  private List<WorkerId> chosen(WorkerSelection who) {
    List<Worker> present = new ArrayList<>();
    for (WorkerId id : run.world().running()) {
      LifecycleSnapshot books = run.fleet().ask(Audit.STATE);
      int position = books.workerPosition(id);
      if (position >= 0 && books.worker(position).status() == WorkerStatus.ACTIVE) {
        present.add(books.worker(position));
      }
    }
    List<WorkerId> chosen = who.of(present, chance);
    if (chosen.isEmpty()) {
      run.note("step " + step + ": no worker runs that the event of this step means");
    }
    for (WorkerId id : chosen) {
      if (!run.world().hasJoined(id)) {
        throw new StepRefused("no worker " + id + " has joined");
      }
    }
    return chosen;
  }

  void lose(WorkerSelection who) {
    chosen(who).forEach(run.world()::silence);
  }

  void leave(WorkerSelection who) {
    each(who, id -> "leave " + id);
  }

  void away(WorkerSelection who, int steps) {
    List<WorkerId> chosen = chosen(who);
    chosen.forEach(run.world()::silence);
    returning.computeIfAbsent(step + steps, any -> new ArrayList<>()).addAll(chosen);
  }

  void empty(WorkerSelection who) {
    for (WorkerId id : chosen(who)) {
      run.world().silence(id);
      accepted(comeBackEmpty(id), "empty " + id);
    }
  }

  /** Returns the line that gives a worker a share of its capacity. */
  String resized(WorkerId id, Amount share) {
    requireJoined(id);
    return "capacity " + id + " " + share.of(run.world().described(id).capacityBytes()) + "B";
  }

  /** Reports whether each worker runs or has departed, and nobody is to come back. */
  boolean isSettled() {
    return returning.isEmpty()
        && run.workers().stream()
            .allMatch(each ->
                each.status().equals("departed") || run.world().isUp(WorkerId.of(each.name())));
  }

  void each(WorkerSelection who, Function<WorkerId, String> line) {
    chosen(who).forEach(id -> carryOut(line.apply(id)));
  }

  private void carryOut(String line) {
    try {
      carryOut(line, FleetStep.read(line));
    } catch (UnreadableWord unreadable) {
      throw new StepRefused(line + ": " + unreadable.getMessage());
    }
  }

  void carryOut(String line, FleetStep happens) {
    accepted(happens.on(this), line);
  }

  private static void accepted(StepOutcome outcome, String line) {
    if (!outcome.isDone()) {
      String why = outcome.detail().isEmpty() ? "" : " (" + outcome.detail() + ")";
      throw new StepRefused(line + ": the fleet answers " + outcome.refusal() + why);
    }
  }

  // ---- the lines of scenarios ----

  @Override
  public StepOutcome command(Command<?> command) {
    Result answer = run.fleet().execute(command, run.world().nowNanos());
    if (answer.isAccepted()) {
      follow(command);
    }
    return StepOutcome.of(answer);
  }

  private void follow(Command<?> command) {
    if (command instanceof Command.Remove removal) {
      run.world().removes(removal.chunk());
    } else if (command instanceof Command.RegisterSwap swap && swap.coverage() == Coverage.CHANGE) {
      swap.oldChunks().forEach(run.world()::removes);
    } else if (command instanceof Command.SetStatus given
        && given.status() == WorkerStatus.DEPARTED
        && run.world().hasJoined(given.worker())) {
      run.world().silence(given.worker());
    }
  }

  @Override
  public long now() {
    return run.fleet().ask(Audit.STATE).largestTick().value();
  }

  @Override
  public Duration tickLength() {
    return StowageConfig.defaults().tickLength();
  }

  @Override
  public StepOutcome configure(Map<String, String> values) {
    LifecycleSnapshot now = run.fleet().ask(Audit.STATE);
    Settings changed = Settings.from(now.config());
    changed.tickLength = tickLength();
    try {
      SettingKeys.apply(changed, values);
    } catch (UnreadableWord outOfBounds) {
      throw new StepRefused(String.valueOf(outOfBounds.getMessage()));
    }
    run.world().lowerFloor(least(changed.unchecked()));
    return StepOutcome.of(
        run.fleet()
            .execute(
                new Command.Configure(now.configVersion(), changed.unchecked()),
                run.world().nowNanos()));
  }

  /** Returns the least floor that a configuration gives a chunk. */
  static int least(LifecycleConfig config) {
    int least = config.minReplication();
    for (List<WeightPolicy.Segment> segments : config.weights().all().values()) {
      for (WeightPolicy.Segment segment : segments) {
        least = Math.min(least, segment.floor().orElse(least));
      }
    }
    return least;
  }

  @Override
  public StepOutcome join(Worker worker) {
    if (run.world().hasJoined(worker.id())) {
      return StepOutcome.refused(ResultCode.DUPLICATE);
    }
    run.world().join(worker);
    return StepOutcome.DONE;
  }

  @Override
  public StepOutcome describe(WorkerId id, UnaryOperator<Worker> change) {
    requireJoined(id);
    run.world().describe(change.apply(run.world().described(id)));
    return StepOutcome.DONE;
  }

  @Override
  public StepOutcome comeBack(WorkerId id) {
    requireJoined(id);
    run.world().comeBack(id);
    return StepOutcome.DONE;
  }

  @Override
  public StepOutcome comeBackEmpty(WorkerId id) {
    requireJoined(id);
    run.lost(id);
    run.world().comeBackEmpty(id);
    return StepOutcome.DONE;
  }

  private void requireJoined(WorkerId id) {
    if (!run.world().hasJoined(id)) {
      throw new StepRefused("no worker " + id + " has joined");
    }
  }
}
