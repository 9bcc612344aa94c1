package dev.stowage;

import dev.stowage.engine.EngineCatalog;
import dev.stowage.engine.EngineRecords;
import dev.stowage.engine.Planned;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayable;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the recorded inputs of a facade again, on a fresh mirror and without a store: the same
 * commands, at the same ticks, in the same order, must lead to the same answers and digests.
 * Belongs to one thread.
 */
public final class EngineReplay implements Replayable {
  private final EvidenceLog log;
  private final Lifecycle lifecycle;
  private final EngineRecords records = new EngineRecords();
  private @Nullable LifecycleState mirror;
  private @Nullable Planned planned;

  private EngineReplay(EvidenceLog log, PlacementPlanner planner) {
    this.log = Objects.requireNonNull(log, "log");
    this.lifecycle = new Lifecycle(planner);
  }

  /** Every record type that a facade writes, in words: for {@code explain} and {@code replay}. */
  public static RecordCatalog catalog() {
    return EngineCatalog.CATALOG;
  }

  /**
   * Makes engines that plan with this planner, which must be the one of the recorded run.
   *
   * @param planner the planner
   */
  public static Replayable.Factory with(PlacementPlanner planner) {
    Objects.requireNonNull(planner, "planner");
    return (EvidenceHeader header, EvidenceLog log) -> new EngineReplay(log, planner);
  }

  /**
   * {@inheritDoc}
   *
   * @throws EvidenceException.Malformed if the input is no command of this version
   * @throws EvidenceException.Mismatch if no facade can have recorded it at this place
   */
  @Override
  public void replay(EvidenceRecord input) {
    if (input.is(EngineRecords.FOUNDED)) {
      Founded founded = decoded(input, EngineReplay::founded);
      mirror = LifecycleState.empty(founded.first.config(), founded.lineage);
      log.append(input);
    } else if (input.is(EngineRecords.MOVE)) {
      // what scorers said is an input; what followed from it is in the commands behind it
      log.append(input);
    } else if (input.is(EngineRecords.SEEN)) {
      Tick seen = decoded(input, in -> Tick.of(in.u64()));
      requireAt(input, mirror != null, "a fleet before its first cycle");
      state().seen(seen);
      log.append(input);
    } else if (input.is(EngineRecords.COMMAND)) {
      Timed said = decoded(input, EngineReplay::timed);
      requireAt(input, mirror != null, "a fleet before the first command");
      log.append(input);
      answer(lifecycle.decide(state(), said.command, said.tick));
    } else if (input.is(EngineRecords.PREPARED)) {
      Timed said = decoded(input, EngineReplay::timed);
      requireAt(input, mirror != null, "a fleet before the first plan");
      log.append(input);
      planned = said.command instanceof Command.Schedule cycle ? prepare(cycle, said.tick) : null;
    } else if (input.is(EngineRecords.PLANNED)) {
      Timed said = decoded(input, EngineReplay::timed);
      Planned prepared = planned;
      requireAt(input, prepared != null, "a plan prepared before it is applied");
      log.append(input);
      Planned made = Objects.requireNonNull(prepared, "prepared");
      answer(made.execute(lifecycle, state(), said.tick));
    } else {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
  }

  private record Timed(Tick tick, Command<?> command) {}

  private record Founded(Lineage lineage, Command.Configure first) {}

  private static Timed timed(CanonicalReader in) {
    return new Timed(Tick.of(in.u64()), CommandCodec.fromBytes(in.bytes()));
  }

  private static Founded founded(CanonicalReader in) {
    return new Founded(
        Lineage.of(in.u64()), (Command.Configure) CommandCodec.fromBytes(in.bytes()));
  }

  private static <T> T decoded(EvidenceRecord input, Function<CanonicalReader, T> decoder) {
    try {
      CanonicalReader reader = input.reader();
      T value = decoder.apply(reader);
      reader.end();
      return value;
    } catch (RuntimeException refused) {
      // every value refuses in its own words what it cannot be: here all of them mean one thing
      throw new EvidenceException.Malformed(
          0, "record " + input.index() + " is no input of this version: " + refused.getMessage());
    }
  }

  private static void requireAt(EvidenceRecord input, boolean fits, String expected) {
    if (!fits) {
      throw new EvidenceException.Mismatch(
          List.of(new HeaderDifference("record " + input.index(), expected, "none")));
    }
  }

  private Planned prepare(Command.Schedule command, Tick tick) {
    // It was planned then, perhaps after a reload: whatever is remembered here, so it is now.
    lifecycle.reconsider();
    return Planned.of(lifecycle.prepare(state(), command.advice(), tick).orElseThrow());
  }

  private void answer(Lifecycle.Outcome<?> outcome) {
    log.append(EngineRecords.RESULT, records.result(outcome));
  }

  private LifecycleState state() {
    return Objects.requireNonNull(mirror, "the recording does not begin with the fleet");
  }
}
