package dev.stowage.contract;

import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Bounds;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A command of every kind, the one list of samples that tests draw from. Its fields are a multiple
 * of their bounds: at 1 all are as large as they may be. A new command is one row here.
 */
public final class CommandSamples {
  /** Small enough that no text is longer than needed and few lists have several elements. */
  private static final double SMALL = 2e-5;

  private static final LifecycleConfig UNCAPPED =
      LifecycleConfig.builder().maxReplication(WeightPolicy.UNCAPPED).build();
  private static final ReportHeader HEADER =
      new ReportHeader(
          WorkerId.of(name("w", 1)), Incarnation.of(Long.MAX_VALUE), Lineage.of(-1), 9);
  private static final ReportHeader SMALL_HEADER =
      new ReportHeader(WorkerId.of("w"), Incarnation.of(2), Lineage.of(-3), 4);

  /** A registration ends the life that reports name, so it is the last. */
  private static final List<Function<CommandSamples, Command<?>>> ROWS =
      List.of(
          it -> new Command.Configure(7, it.config()),
          it -> new Command.Ingest(chunks("n", it.times)),
          it -> new Command.Offer(chunks("offered", it.times)),
          CommandSamples::swap,
          it -> new Command.CancelSwap(Long.MAX_VALUE),
          it -> new Command.Remove(it.key("c")),
          it -> new Command.Heartbeat(it.header),
          it -> new Command.Applied(it.header, WorkerAssignmentId.of(it.newest()), it.numbers()),
          it -> new Command.Lost(it.header, it.numbers()),
          it -> new Command.InventoryPart(it.header, 1, it.count(2, Bounds.PARTS), it.numbers()),
          it -> new Command.Inventory(it.header, it.numbers()),
          it -> new Command.Describe(it.header.worker(), it.description()),
          it -> new Command.SetStatus(it.header.worker(), WorkerStatus.CORDONED),
          it -> new Command.Wish(it.wish(), 7),
          it -> new Command.Unwish(it.wish(), 7),
          it -> new Command.Freeze(7),
          it -> new Command.Unfreeze(7),
          it -> new LeaderCommand.BeginLineage(Lineage.of(-9)),
          it -> new LeaderCommand.Admit(),
          it -> new LeaderCommand.Schedule(it.advice(), it.waiting()),
          it -> LeaderCommand.Publish.now().withWaiting(it.waiting()),
          it -> new LeaderCommand.Purge(),
          it ->
              new LeaderCommand.Keep(
                  new Annex(name("annex", it.times), it.bytes(Bounds.ANNEX_BYTES))),
          it -> new Command.CarryOut(List.of(it.almostAll()), ""),
          it -> new Command.ResetTime(Tick.of(1L << 62)),
          it -> new Command.ConfirmDepartures(it.workers()),
          it ->
              new LeaderCommand.SetAside(
                  CommandKind.LOST.number(),
                  Optional.of(WorkerId.of("w")),
                  1,
                  Optional.empty(),
                  Hash256.ZERO,
                  "it fails"),
          it -> new Command.Away(WorkerId.of("w"), Tick.of(1L << 62), 1),
          it -> new Command.Replace(it.header.worker(), WorkerId.of("v"), true),
          it -> new Command.Register(it.header.worker(), name("disk", it.times)));

  private final ReportHeader header;
  private final double times;

  private CommandSamples(ReportHeader header, double times) {
    this.header = header;
    this.times = times;
  }

  /**
   * Returns a command of a kind whose fields are this many times as large as they may be, cut off
   * to whole ones. Commands of kinds that cannot be too large are all alike.
   */
  public static Command<?> of(CommandKind<?, ?> kind, double times) {
    List<Command<?>> small = small();
    for (int row = 0; row < small.size(); row++) {
      if (CommandKind.kindOf(small.get(row)) == kind) {
        return ROWS.get(row).apply(new CommandSamples(HEADER, times));
      }
    }
    throw new IllegalArgumentException("no sample of " + kind + " is in CommandSamples");
  }

  /** Returns a small command of every kind. */
  public static List<Command<?>> small() {
    return small(SMALL_HEADER);
  }

  /** Returns a small command of every kind, of which reports have this header. */
  public static List<Command<?>> small(ReportHeader header) {
    CommandSamples small = new CommandSamples(header, SMALL);
    return ROWS.stream().<Command<?>>map(row -> row.apply(small)).toList();
  }

  private int count(int least, int most) {
    return Math.max(least, (int) (times * most));
  }

  private byte[] bytes(int most) {
    return new byte[count(2, most)];
  }

  /** Leaves room for what stands before its content. */
  private Command<?> almostAll() {
    return new LeaderCommand.Keep(new Annex("a", bytes(Bounds.TOGETHER_BYTES - 32)));
  }

  private long newest() {
    return times < 1 ? 0 : Long.MAX_VALUE;
  }

  private Worker.Description description() {
    return Shape.of(Worker.Description.class)
        .draft(Worker.Description.of(Long.MAX_VALUE, name("zone", times)))
        .with("version", new WorkerVersion(9, 9, 9))
        .with("labels", labels(times))
        .with("max_replicas", 7)
        .row();
  }

  private List<WorkerId> workers() {
    List<WorkerId> workers = new ArrayList<>();
    for (int at = 0; at < count(1, Bounds.WORKERS); at++) {
      workers.add(WorkerId.of(name("w" + at + " ", Math.min(times, 1))));
    }
    return workers;
  }

  private List<WorkerId> waiting() {
    List<WorkerId> waiting = new ArrayList<>();
    long left = (long) (times * Bounds.WAITING_BYTES);
    for (String next = name("w", 1); left >= 2_000; next = name("w" + waiting.size() + " ", 1)) {
      left -= Integer.BYTES + next.getBytes(StandardCharsets.UTF_8).length;
      waiting.add(WorkerId.of(next));
    }
    return waiting;
  }

  /** A name of this many times the characters it may have, each of three bytes. */
  public static String name(String begin, double times) {
    int characters = (int) (times * Bounds.NAME_CHARACTERS);
    return begin + "\u8a9e".repeat(Math.max(0, characters - begin.length()));
  }

  private ChunkKey key(String begin) {
    return key(begin, times);
  }

  private static ChunkKey key(String begin, double times) {
    double most = Math.min(times, 1);
    return new ChunkKey(DatasetId.of(name("d", most)), name(begin, most));
  }

  /** Labels as long and as many as they may be, and few of them beyond. */
  private static Labels labels(double times) {
    List<String> labels = new ArrayList<>();
    for (int at = 0; at < (int) (times * Bounds.LABELS); at++) {
      labels.add(name("l" + at + " ", 1));
    }
    return Labels.copyOf(labels);
  }

  private static ProposedChunk chunk(String begin, int at, double times, Labels required) {
    long block = 1_000_000L * begin.length() + at;
    return new ProposedChunk(
        key(begin + at + " ", times),
        block,
        block,
        1,
        OptionalInt.of(3),
        new Eligibility(WorkerVersion.ZERO, required));
  }

  /** One chunk with all labels it may have, then others until they are as long as they may be. */
  public static List<ProposedChunk> chunks(String begin, double times) {
    List<ProposedChunk> chunks = new ArrayList<>();
    long left = (long) (times * Bounds.CHUNK_BYTES);
    ProposedChunk next = chunk(begin, 0, times, labels(Math.min(times, 1)));
    while (left >= CanonicalSize.of(Shape.of(ProposedChunk.class), next)) {
      left -= CanonicalSize.of(Shape.of(ProposedChunk.class), next);
      chunks.add(next);
      next = chunk(begin, chunks.size(), times, Labels.NONE);
    }
    return chunks;
  }

  private Command<?> swap() {
    List<ChunkKey> old = new ArrayList<>();
    chunks("o", times / 2).forEach(chunk -> old.add(chunk.key()));
    return new Command.RegisterSwap(
        key("c").dataset(), old, chunks("n", times / 2), Coverage.CHANGE);
  }

  /** In no order, so that nothing can be shortened. */
  private List<ChunkNumber> numbers() {
    int count = count(2, Bounds.NUMBERS);
    List<ChunkNumber> numbers = new ArrayList<>(count);
    for (int at = count; at > 0; at--) {
      numbers.add(new ChunkNumber(Lineage.of(at), Long.MAX_VALUE - at));
    }
    return numbers;
  }

  private PlacementWish wish() {
    return new PlacementWish(
        PlacementWish.Kind.BAN, key("c").dataset(), header.worker(), Optional.of(name("c", times)));
  }

  private LifecycleConfig config() {
    WeightPolicy.Builder weights = WeightPolicy.builder();
    long left = (long) (times * Bounds.CONFIG_BYTES);
    left -= CanonicalSize.of(Shape.of(LifecycleConfig.class), UNCAPPED);
    for (int at = 0; left > 5_000; at++) {
      DatasetId dataset = DatasetId.of(name("d" + at + " ", 1));
      weights.segment(dataset, WeightPolicy.Segment.of(0, 2));
      left -= 3 * Bounds.NAME_CHARACTERS + 22;
    }
    return UNCAPPED.toBuilder().weights(weights.build()).build();
  }

  private PlanningAdvice advice() {
    List<ChunkKey> cooling = new ArrayList<>();
    for (long left = (long) (times * Bounds.ADVICE_BYTES); left > 10_000; ) {
      ChunkKey key = key("c" + cooling.size() + " ");
      left -= CanonicalSize.of(Shape.of(ChunkKey.class), key);
      cooling.add(key);
    }
    return new PlanningAdvice(List.of(), List.of(), cooling, 1);
  }
}
