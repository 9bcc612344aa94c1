package dev.stowage.contract;

import dev.stowage.evidence.CanonicalSize;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Command.Bounds;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CommandTable;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.WeightPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleFunction;

/**
 * Of every kind a command whose fields are a multiple of their bounds: once of them all are as
 * large as they may be. A kind without a row here cannot be tested, so no test of it starts.
 */
public final class LargestCommands {
  private static final LifecycleConfig UNCAPPED =
      LifecycleConfig.builder().maxReplication(WeightPolicy.UNCAPPED).build();
  private static final ReportHeader HEADER =
      new ReportHeader(
          WorkerId.of(name("w", 1)), Incarnation.of(Long.MAX_VALUE), Lineage.of(-1), 9);
  private static final CommandTable<Draft> DRAFTS =
      new CommandTable<>(
          List.of(
              of(CommandKind.CONFIGURE, times -> new Command.Configure(7, config(times))),
              of(CommandKind.INGEST, times -> new Command.Ingest(chunks("n", times))),
              of(CommandKind.OFFER, times -> new Command.Offer(chunks("n", times))),
              of(CommandKind.REGISTER_SWAP, LargestCommands::swap),
              of(CommandKind.CANCEL_SWAP, times -> new Command.CancelSwap(Long.MAX_VALUE)),
              of(CommandKind.REMOVE, times -> new Command.Remove(key("c"))),
              of(
                  CommandKind.REGISTER,
                  times -> new Command.Register(HEADER.worker(), name("disk", times))),
              of(CommandKind.HEARTBEAT, times -> new Command.Heartbeat(HEADER)),
              of(
                  CommandKind.APPLIED,
                  times ->
                      new Command.Applied(
                          HEADER, WorkerAssignmentId.of(Long.MAX_VALUE), numbers(times))),
              of(CommandKind.LOST, times -> new Command.Lost(HEADER, numbers(times))),
              of(CommandKind.INVENTORY, times -> new Command.Inventory(HEADER, numbers(times))),
              of(
                  CommandKind.DESCRIBE,
                  times ->
                      new Command.Describe(
                          HEADER.worker(),
                          Worker.Description.of(Long.MAX_VALUE, name("zone", times))
                              .with(Worker.Description.VERSION, new WorkerVersion(9, 9, 9))
                              .with(Worker.Description.LABELS, labels(times))
                              .with(Worker.Description.MAX_REPLICAS, 7))),
              of(
                  CommandKind.SET_STATUS,
                  times -> new Command.SetStatus(HEADER.worker(), WorkerStatus.CORDONED)),
              of(CommandKind.WISH, times -> new Command.Wish(wish(times), 7)),
              of(CommandKind.UNWISH, times -> new Command.Unwish(wish(times), 7)),
              of(CommandKind.FREEZE, times -> new Command.Freeze(7)),
              of(CommandKind.UNFREEZE, times -> new Command.Unfreeze(7)),
              of(CommandKind.BEGIN_LINEAGE, times -> new Command.BeginLineage(Lineage.of(-9))),
              of(CommandKind.ADMIT, times -> new Command.Admit()),
              of(
                  CommandKind.SCHEDULE,
                  times -> new Command.Schedule(advice(times), waiting(times))),
              of(CommandKind.PUBLISH, times -> Command.Publish.now().withWaiting(waiting(times))),
              of(CommandKind.PURGE, times -> new Command.Purge()),
              of(
                  CommandKind.KEEP,
                  times ->
                      new Command.Keep(
                          new Annex(
                              name("annex", times), new byte[(int) (times * Bounds.ANNEX_BYTES)]))),
              of(
                  CommandKind.INVENTORY_PART,
                  times ->
                      new Command.InventoryPart(
                          HEADER, 1, (int) (times * Bounds.PARTS), numbers(times))),
              of(CommandKind.RESET_TIME, times -> new Command.ResetTime(Tick.of(1L << 62))),
              of(
                  CommandKind.CONFIRM_DEPARTURES,
                  times -> new Command.ConfirmDepartures(workers(times))),
              of(
                  CommandKind.SET_ASIDE,
                  times ->
                      new Command.SetAside(
                          CommandKind.LOST.number(),
                          Optional.of(WorkerId.of("w")),
                          1,
                          Optional.empty(),
                          List.of(),
                          List.of(),
                          Hash256.ZERO,
                          "it fails")),
              of(
                  CommandKind.AWAY,
                  times -> new Command.Away(WorkerId.of("w"), Tick.of(1L << 62), 1))));

  private record Draft(CommandKind<?, ?> kind, DoubleFunction<Command<?>> of)
      implements CommandTable.Row {}

  private LargestCommands() {}

  private static List<WorkerId> workers(double times) {
    List<WorkerId> workers = new ArrayList<>();
    for (int at = 0; at < (int) (times * Bounds.WORKERS); at++) {
      workers.add(WorkerId.of(name("w" + at + " ", 1)));
    }
    return workers;
  }

  private static List<WorkerId> waiting(double times) {
    List<WorkerId> waiting = new ArrayList<>();
    long left = (long) (times * Bounds.WAITING_BYTES);
    for (String next = name("w", 1); left >= 2_000; next = name("w" + waiting.size() + " ", 1)) {
      left -= Integer.BYTES + next.getBytes(StandardCharsets.UTF_8).length;
      waiting.add(WorkerId.of(next));
    }
    return waiting;
  }

  private static Draft of(CommandKind<?, ?> kind, DoubleFunction<Command<?>> of) {
    return new Draft(kind, of);
  }

  /**
   * A command of a kind.
   *
   * @param times its fields are this many times as large as they may be, cut off to whole ones; of
   *     kinds that cannot be too large all are alike
   */
  public static Command<?> of(CommandKind<?, ?> kind, double times) {
    return DRAFTS.of(kind).of().apply(times);
  }

  /** A name of this many times the characters it may have, each of three bytes. */
  public static String name(String begin, double times) {
    int characters = (int) (times * Bounds.NAME_CHARACTERS);
    return begin + "\u8a9e".repeat(Math.max(0, characters - begin.length()));
  }

  private static ChunkKey key(String begin) {
    return new ChunkKey(DatasetId.of(name("d", 1)), name(begin, 1));
  }

  /** Labels as long and as many as they may be, and few of them beyond. */
  private static Labels labels(double times) {
    List<String> labels = new ArrayList<>();
    for (int at = 0; at < (int) (times * Bounds.LABELS); at++) {
      labels.add(name("l" + at + " ", 1));
    }
    return Labels.copyOf(labels);
  }

  private static ProposedChunk chunk(String begin, int at, Labels required) {
    return new ProposedChunk(
        key(begin + at + " "),
        at,
        at,
        1,
        OptionalInt.of(3),
        new Eligibility(WorkerVersion.ZERO, required));
  }

  /** One chunk with all labels it may have, then others until they are as long as they may be. */
  public static List<ProposedChunk> chunks(String begin, double times) {
    List<ProposedChunk> chunks = new ArrayList<>();
    long left = (long) (times * Bounds.CHUNK_BYTES);
    ProposedChunk next = chunk(begin, 0, labels(Math.min(times, 1)));
    while (left >= CanonicalSize.of(ProposedChunk.SHAPE, next)) {
      left -= CanonicalSize.of(ProposedChunk.SHAPE, next);
      chunks.add(next);
      next = chunk(begin, chunks.size(), Labels.NONE);
    }
    return chunks;
  }

  private static Command<?> swap(double times) {
    List<ChunkKey> old = new ArrayList<>();
    chunks("o", times / 2).forEach(chunk -> old.add(chunk.key()));
    return new Command.RegisterSwap(
        DatasetId.of(name("d", 1)), old, chunks("n", times / 2), Coverage.CHANGE);
  }

  /** In no order, so that nothing can be shortened. */
  static List<ChunkNumber> numbers(double times) {
    int count = (int) (times * Bounds.NUMBERS);
    List<ChunkNumber> numbers = new ArrayList<>(count);
    for (int at = count; at > 0; at--) {
      numbers.add(new ChunkNumber(Lineage.of(at), Long.MAX_VALUE - at));
    }
    return numbers;
  }

  private static PlacementWish wish(double times) {
    return new PlacementWish(
        PlacementWish.Kind.BAN,
        DatasetId.of(name("d", 1)),
        Optional.of(name("c", times)),
        HEADER.worker());
  }

  private static LifecycleConfig config(double times) {
    WeightPolicy.Builder weights = WeightPolicy.builder();
    long left = (long) (times * Bounds.CONFIG_BYTES);
    left -= CanonicalSize.of(LifecycleConfig.SHAPE, UNCAPPED);
    for (int at = 0; left > 5_000; at++) {
      DatasetId dataset = DatasetId.of(name("d" + at + " ", 1));
      weights.segment(dataset, WeightPolicy.Segment.of(0, 2));
      left -= 3 * Bounds.NAME_CHARACTERS + 22;
    }
    return UNCAPPED.toBuilder().weights(weights.build()).build();
  }

  private static PlanningAdvice advice(double times) {
    List<ChunkKey> cooling = new ArrayList<>();
    for (long left = (long) (times * Bounds.ADVICE_BYTES); left > 10_000; ) {
      ChunkKey key = key("c" + cooling.size() + " ");
      left -= CanonicalSize.of(ChunkKey.SHAPE, key);
      cooling.add(key);
    }
    return new PlanningAdvice(List.of(), List.of(), cooling, 1);
  }
}
