package dev.stowage.replay;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.engine.EngineRecords;
import dev.stowage.engine.EngineRecords.Answered;
import dev.stowage.engine.EngineRecords.Applied;
import dev.stowage.engine.EngineRecords.Executed;
import dev.stowage.engine.EngineRecords.Founded;
import dev.stowage.engine.EngineRecords.Input;
import dev.stowage.engine.EngineRecords.PartBegun;
import dev.stowage.engine.EngineRecords.PartId;
import dev.stowage.engine.EngineRecords.PartSaid;
import dev.stowage.engine.EngineRecords.Prepared;
import dev.stowage.engine.EngineRecords.Seen;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.PartReplay.RecordedPart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replays a facade's recorded inputs on a fresh mirror, without a store: equal commands, ticks and
 * order must give equal answers and digests. Transfers and propagation are repeated by engines of
 * their own, up to a part's first lost record ({@link RecordedPart}); what such a part said later,
 * and what one with a host's policy said, is told as recorded. Belongs to one thread.
 */
public final class EngineReplay implements Replayable {
  private final EvidenceLog log;
  private final Lifecycle lifecycle;
  private final CanonicalWriter payload = new CanonicalWriter();
  private @Nullable LifecycleState mirror;
  private @Nullable CyclePlan planned;
  private final Map<PartId, Speaker> parts = new HashMap<>();
  private @Nullable Speaker speaker;
  private int left;

  private EngineReplay(EvidenceLog log, PlacementPlanner planner) {
    this.log = Objects.requireNonNull(log, "log");
    this.lifecycle = new Lifecycle(planner);
  }

  private static final class Speaker {
    private final @Nullable Replayable engine;
    private long said;
    private boolean isRepeated;

    Speaker(@Nullable Replayable engine) {
      this.engine = engine;
      isRepeated = engine != null;
    }
  }

  /** Returns the catalog of the record types of a facade and its parts. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .addAll(EngineRecords.ALL.catalog())
        .addAll(PartReplay.catalog())
        .build();
  }

  /** Returns a record's command, if any; throws {@link EvidenceException.Malformed} if torn. */
  public static Optional<Command<?>> commandIn(EvidenceRecord record) {
    return EngineRecords.ALL.isInput(record)
            && EngineRecords.ALL.input(record) instanceof Executed it
        ? Optional.of(it.command())
        : Optional.empty();
  }

  /** Creates a factory of engines that plan with the planner of the recorded run. */
  public static Replayable.Factory with(PlacementPlanner planner) {
    Objects.requireNonNull(planner, "planner");
    return (EvidenceHeader header, EvidenceLog log) -> new EngineReplay(log, planner);
  }

  /**
   * Replays an input. Throws {@link EvidenceException.Malformed} if it is no command of this
   * version, {@link EvidenceException.Mismatch} if no facade can have recorded it here.
   */
  @Override
  public void replay(EvidenceRecord input) {
    Speaker speaks = left > 0 ? speaker : null;
    if (speaks == null) {
      replayOwn(input);
      return;
    }
    left--;
    Replayable engine = speaks.isRepeated ? speaks.engine : null;
    if (engine == null) {
      log.append(input);
    } else {
      engine.replay(input);
    }
  }

  @Override
  public void heard(EvidenceRecord outcome) {
    Speaker speaks = left > 0 ? speaker : null;
    if (speaks != null) {
      left--;
      if (!speaks.isRepeated) {
        log.append(outcome);
      }
    }
  }

  private void replayOwn(EvidenceRecord input) {
    Input said = EngineRecords.ALL.input(input);
    requireAt(input, mirror != null || said instanceof Founded, "the founding of a fleet");
    requireAt(input, planned != null || !(said instanceof Applied), "a plan prepared before it");
    log.append(input);
    if (said instanceof Founded it) {
      mirror = LifecycleState.empty(it.config(), it.lineage());
    } else if (said instanceof Seen it) {
      state().seen(it.tick());
    } else if (said instanceof Executed it) {
      answer(lifecycle.decide(state(), it.command(), it.tick()));
    } else if (said instanceof Prepared it) {
      planned =
          it.command() instanceof LeaderCommand.Schedule cycle ? prepare(cycle, it.tick()) : null;
    } else if (said instanceof Applied it) {
      CyclePlan made = Objects.requireNonNull(planned, "planned");
      answer(lifecycle.decide(state(), it.command(), made, it.tick()));
    } else if (said instanceof PartBegun it) {
      parts.computeIfAbsent(it.part(), part -> new Speaker(engineOf(it)));
    } else if (said instanceof PartSaid it) {
      hear(input, it);
    }
    // the numbers of a move are an input; what followed from them is in the commands behind it
  }

  private void hear(EvidenceRecord input, PartSaid said) {
    Speaker speaks = parts.get(said.part());
    requireAt(input, speaks != null && said.count() > 0, "the beginning of a part");
    if (speaks != null) {
      speaks.isRepeated &= said.from() == speaks.said;
      speaks.said = said.from() + said.count();
      speaker = speaks;
      left = said.count();
    }
  }

  // Null for a kind, or a host's policy, that cannot be made again here.
  private @Nullable Replayable engineOf(PartBegun begun) {
    EvidenceHeader header = begun.header();
    try {
      return PartReplay.factoryFor(header).map(it -> it.fresh(header, log)).orElse(null);
    } catch (EvidenceException notHere) {
      return null;
    }
  }

  private static void requireAt(EvidenceRecord input, boolean fits, String expected) {
    if (!fits) {
      throw new EvidenceException.Mismatch(
          List.of(new HeaderDifference("record " + input.index(), expected, "none")));
    }
  }

  private CyclePlan prepare(LeaderCommand.Schedule command, Tick tick) {
    // It was planned then, perhaps after a reload: whatever is remembered here, so it is now.
    lifecycle.reconsider();
    CyclePlan made = lifecycle.prepare(state(), command, tick).orElseThrow();
    made.plan();
    return made;
  }

  private void answer(Lifecycle.Outcome<?> outcome) {
    log.append(EngineRecords.ALL.write(Answered.of(outcome), payload.reset()), payload);
  }

  private LifecycleState state() {
    return Objects.requireNonNull(mirror, "the recording does not begin with the fleet");
  }
}
