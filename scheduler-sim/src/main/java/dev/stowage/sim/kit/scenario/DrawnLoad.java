package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.model.Chunk;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadGovernor.Mode;
import dev.stowage.pressure.LoadSource;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The load of a host whose governor guards the doors of chunks, drawn from one number: it lasts for
 * some ticks, and then is another. Judges what the governor lets pass. Stateless.
 */
public final class DrawnLoad implements LoadSource {
  /** The governor decides, by a sample of the time of each request. */
  public static final LoadGovernor.Config CONFIG = new LoadGovernor.Config(Mode.ENFORCE, 0);

  private static final int CAPACITY = 1_000;
  private static final int MOST_PENDING = 1_100;

  /** The pending work, of {@link #CAPACITY}, beyond which chunks wait, and are refused. */
  private static final int WAIT_ABOVE = 700;

  private static final int REFUSE_ABOVE = 840;
  private static final int UNKNOWN = -1;

  private final long number;
  private final long period;
  private final int busyPercent;

  /** Creates the load of a host that is always busy, and whose tick is a nanosecond. */
  DrawnLoad(long number) {
    this(number, 1 + Chance.ofSeed(number).below(12), 100);
  }

  /**
   * Creates the load of a host.
   *
   * @param number the seed of its draws
   * @param periodNanos how long a load lasts
   * @param busyPercent the percentage of periods with another load than none
   */
  public DrawnLoad(long number, long periodNanos, int busyPercent) {
    this.number = number;
    this.period = periodNanos;
    this.busyPercent = busyPercent;
  }

  private int pending(long nanos) {
    Chance drawn = Chance.ofSeed(number * 31 + nanos / period);
    if (busyPercent < 100 && !drawn.happens(busyPercent)) {
      return 0;
    }
    return drawn.happens(10) ? UNKNOWN : drawn.below(MOST_PENDING);
  }

  @Override
  public LoadSignals sample(long nowNanos) {
    int pending = pending(nowNanos);
    return pending == UNKNOWN
        ? LoadSignals.NONE
        : LoadSignals.NONE.withChannelBacklog(pending, CAPACITY);
  }

  /** Reports whether chunks are refused at a time. */
  public boolean isRefusing(long tick) {
    return pending(tick) > REFUSE_ABOVE;
  }

  boolean isSlowing(long tick) {
    int pending = pending(tick);
    return pending == UNKNOWN || pending > WAIT_ABOVE;
  }

  /** Returns the chunks with which a command comes to a guarded door; empty for other commands. */
  static Optional<List<Chunk>> chunks(Command<?> command) {
    List<ProposedChunk> proposed =
        command instanceof Command.Ingest ingest
            ? ingest.chunks()
            : command instanceof Command.Offer offer ? offer.chunks() : List.of();
    List<Chunk> chunks = new ArrayList<>();
    for (ProposedChunk each : proposed) {
      if (!each.violations().isEmpty()) {
        return Optional.empty();
      }
      chunks.add(
          new Chunk(each.key(), each.range(), each.sizeBytes(), each.weight(), each.eligibility()));
    }
    return chunks.isEmpty() ? Optional.empty() : Optional.of(chunks);
  }

  /**
   * Judges an answer of the door.
   *
   * @param isChanged true if the fleet has another state than before
   */
  public Optional<Finding> wrong(Result.Batch answer, long tick, boolean isChanged) {
    boolean isSaid =
        answer.items().stream()
            .allMatch(item ->
                item.code() == ResultCode.BACKPRESSURE
                    && String.join(" ", item.reasons()).contains("the load is too high"));
    if (isSaid != isRefusing(tick)) {
      return found(answer, "at a load of " + sample(tick));
    }
    if (isSaid && isChanged) {
      return found(answer, "and the fleet changed");
    }
    return answer.retryAfterNanos() > 0 == isSlowing(tick)
        ? Optional.empty()
        : found(answer, "to come after " + answer.retryAfterNanos() + " ns");
  }

  private static Optional<Finding> found(Result.Batch answer, String what) {
    return Optional.of(
        new Finding("the governor's limits", "the door answers " + answer.items() + " " + what));
  }
}
