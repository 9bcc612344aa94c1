package dev.stowage.lifecycle.steps;

import dev.stowage.columns.Oversized;
import dev.stowage.columns.Utf8Order;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Command.Bounds;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CommandTable;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.shape.ValueField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a command is refused for before anybody looks at the state: it is larger than {@link
 * Bounds}, or has text that cannot be stored. One row a kind, so that none is forgotten. What a
 * chunk of a batch is refused for by itself, {@link Admission} says. Stateless.
 */
public final class CommandLimits {
  private static final CommandTable<Limit<?, ?>> LIMITS =
      new CommandTable<>(
          List.of(
              limit(CommandKind.CONFIGURE, (found, it) -> config(found, it.config())),
              limit(CommandKind.INGEST, (found, it) -> batch(found, it.chunks())),
              limit(CommandKind.OFFER, (found, it) -> batch(found, it.chunks())),
              limit(CommandKind.REGISTER_SWAP, CommandLimits::swap),
              boundless(CommandKind.CANCEL_SWAP),
              boundless(CommandKind.REMOVE),
              limit(CommandKind.REGISTER, (found, it) -> name(found, "diskId", it.diskId())),
              boundless(CommandKind.HEARTBEAT),
              limit(CommandKind.APPLIED, (found, it) -> numbers(found, "missing", it.missing())),
              limit(CommandKind.LOST, (found, it) -> numbers(found, "chunks", it.chunks())),
              limit(CommandKind.INVENTORY, (found, it) -> numbers(found, "chunks", it.chunks())),
              limit(CommandKind.DESCRIBE, CommandLimits::description),
              boundless(CommandKind.SET_STATUS),
              limit(CommandKind.WISH, (found, it) -> wish(found, it.wish())),
              limit(CommandKind.UNWISH, (found, it) -> wish(found, it.wish())),
              boundless(CommandKind.FREEZE),
              boundless(CommandKind.UNFREEZE),
              boundless(CommandKind.BEGIN_LINEAGE),
              boundless(CommandKind.ADMIT),
              limit(
                  CommandKind.SCHEDULE,
                  (found, it) ->
                      found.most(
                          "advice",
                          CommandCodec.length(it.advice()),
                          Bounds.ADVICE_BYTES,
                          "bytes")),
              boundless(CommandKind.PUBLISH),
              boundless(CommandKind.PURGE),
              limit(CommandKind.KEEP, CommandLimits::annex),
              limit(CommandKind.INVENTORY_PART, CommandLimits::part),
              boundless(CommandKind.RESET_TIME),
              limit(
                  CommandKind.CONFIRM_DEPARTURES,
                  (found, it) ->
                      found.most("workers", it.workers().size(), Bounds.WORKERS, "workers")),
              boundless(CommandKind.SET_ASIDE)));

  /** What is wrong, as far as it was found. */
  private static final class Found {
    private final List<String> reasons = new ArrayList<>();
    private ResultCode code = ResultCode.TOO_LARGE;

    void most(String field, long given, long bound, String unit) {
      if (given > bound) {
        reasons.add(tooMany(field, given, bound, unit));
      }
    }

    void invalid(String reason) {
      code = ResultCode.INVALID;
      reasons.add(reason);
    }
  }

  private interface Check<C> {
    void look(Found found, C command);
  }

  private record Limit<C extends Command<R>, R extends Result>(
      CommandKind<C, R> kind, Check<C> check) implements CommandTable.Row {
    Found look(Command<?> command) {
      Found found = new Found();
      check.look(found, kind.of(command));
      return found;
    }
  }

  private static <C extends Command<R>, R extends Result> Limit<C, R> limit(
      CommandKind<C, R> kind, Check<C> check) {
    return new Limit<>(kind, check);
  }

  /** Of commands whose fields are numbers and names, which cannot be too large. */
  private static <C extends Command<R>, R extends Result> Limit<C, R> boundless(
      CommandKind<C, R> kind) {
    return new Limit<>(kind, (found, command) -> {});
  }

  private CommandLimits() {}

  /**
   * The answer to a command that is refused whatever the state; empty if it is not.
   *
   * @param fleet what answers name beside the reason
   * @throws IllegalArgumentException if it is a cycle, which has no such answer
   */
  public static Optional<Result> refusal(FleetFields fleet, Command<?> command) {
    Found found = LIMITS.of(command.kind()).look(command);
    if (found.reasons.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(answer(fleet, command, found.code, List.copyOf(found.reasons)));
  }

  /** Whether there is such an answer. */
  public static boolean isRefused(Command<?> command) {
    return !LIMITS.of(command.kind()).look(command).reasons.isEmpty();
  }

  /** What is too large in a chunk by itself. */
  static List<String> tooLarge(ProposedChunk chunk) {
    int labels = chunk.eligibility().requiredLabels().sorted().size();
    return labels > Bounds.LABELS
        ? List.of(tooMany("requiredLabels", labels, Bounds.LABELS, "labels"))
        : List.of();
  }

  /** What is too large in a configuration. */
  public static List<String> tooLarge(LifecycleConfig config) {
    Found found = new Found();
    config(found, config);
    return List.copyOf(found.reasons);
  }

  static String tooMany(String field, long given, long bound, String unit) {
    return ValueField.tooMany(field, given, bound, unit);
  }

  private static Result answer(
      FleetFields fleet, Command<?> command, ResultCode code, List<String> reasons) {
    if (command instanceof Command.Ingest ingest) {
      return batch(ingest.chunks(), code, reasons);
    }
    if (command instanceof Command.Offer offer) {
      return batch(offer.chunks(), code, reasons);
    }
    if (command instanceof Command.RegisterSwap) {
      return new Result.SwapRegistered(code, 0, null, reasons);
    }
    if (command instanceof Command.Register) {
      Incarnation none = Incarnation.of(0);
      return new Result.Registered(code, none, fleet.lineage(), 0, false, reasons);
    }
    if (command instanceof Command.Configure) {
      return new Result.Versioned(code, fleet.configVersion, reasons);
    }
    if (command instanceof Command.Wish || command instanceof Command.Unwish) {
      return new Result.Versioned(code, fleet.wishesVersion, reasons);
    }
    if (command instanceof Command.Schedule) {
      throw new IllegalArgumentException(String.join("; ", reasons));
    }
    return new Result.Answer(code, reasons);
  }

  private static Result.Batch batch(
      List<ProposedChunk> chunks, ResultCode code, List<String> reasons) {
    return new Result.Batch(
        chunks.stream()
            .map(chunk -> new Result.Item(chunk.key(), code, null, null, reasons))
            .toList());
  }

  private static void batch(Found found, List<ProposedChunk> chunks) {
    found.most("chunks", chunks.size(), Bounds.CHUNKS, "chunks");
    found.most("chunks", bytes(chunks), Bounds.CHUNK_BYTES, "bytes");
  }

  private static long bytes(List<ProposedChunk> chunks) {
    long bytes = 0;
    for (ProposedChunk chunk : chunks) {
      bytes += CommandCodec.length(chunk);
    }
    return bytes;
  }

  private static void swap(Found found, Command.RegisterSwap swap) {
    found.most("oldChunks", swap.oldChunks().size(), Bounds.CHUNKS, "chunks");
    found.most("newChunks", swap.newChunks().size(), Bounds.CHUNKS, "chunks");
    if (Oversized.is(swap.oldChunks()) || Oversized.is(swap.newChunks())) {
      return;
    }
    long bytes = bytes(swap.newChunks());
    for (ChunkKey key : swap.oldChunks()) {
      bytes += CommandCodec.length(key);
    }
    found.most("oldChunks and newChunks", bytes, Bounds.CHUNK_BYTES, "bytes");
    for (ProposedChunk chunk : swap.newChunks()) {
      tooLarge(chunk).forEach(why -> found.reasons.add(chunk.key() + ": " + why));
    }
  }

  private static void numbers(Found found, String field, List<ChunkNumber> numbers) {
    found.most(field, numbers.size(), Bounds.NUMBERS, "numbers");
  }

  private static void part(Found found, Command.InventoryPart part) {
    found.most("of", part.of(), Bounds.PARTS, "parts");
    numbers(found, "chunks", part.chunks());
  }

  private static void description(Found found, Command.Describe said) {
    found.reasons.addAll(Worker.Description.SHAPE.oversized(said.description()));
    String zone = said.description().zone();
    if (found.reasons.isEmpty()) {
      Worker.Description.SHAPE.violations(said.description()).forEach(found::invalid);
    }
    if (!Worker.isPath(zone) && !zone.equals(said.worker().value())) {
      found.invalid("zone is a path with an empty part: " + zone);
    }
  }

  private static void wish(Found found, PlacementWish wish) {
    int characters = wish.chunkId().map(String::length).orElse(0);
    found.most("chunkId", characters, Bounds.NAME_CHARACTERS, "characters");
  }

  private static void annex(Found found, Command.Keep keep) {
    name(found, "kind", keep.annex().kind());
    found.most("content", keep.annex().content().length, Bounds.ANNEX_BYTES, "bytes");
  }

  /** Of text that nothing else looks at: what no store can keep is refused here. */
  private static void name(Found found, String field, String text) {
    found.most(field, text.length(), Bounds.NAME_CHARACTERS, "characters");
    if (found.reasons.isEmpty() && !Utf8Order.isWellFormed(text)) {
      found.invalid(field + " holds an unpaired surrogate");
    } else if (found.reasons.isEmpty() && text.indexOf('\0') >= 0) {
      found.invalid(field + " holds a null character");
    }
  }

  private static void config(Found found, LifecycleConfig config) {
    found.most("config", CommandCodec.length(config), Bounds.CONFIG_BYTES, "bytes");
    for (List<WeightPolicy.Segment> segments : config.weights().all().values()) {
      for (WeightPolicy.Segment segment : segments) {
        Eligibility asked = segment.eligibility();
        found.most(
            "requiredLabels", asked.requiredLabels().sorted().size(), Bounds.LABELS, "labels");
      }
    }
  }
}
