package dev.stowage;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.Violation;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.store.QuarantinedNews;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Hears what a facade does, once durable, on the thread of the command and in the order of
 * execution, while further commands wait. Methods, doing nothing by default, must be quick and
 * neither call the facade nor throw; {@link #failed} hears of exceptions.
 */
public interface StowageListener {
  /** The listener that does nothing. */
  StowageListener NONE = new StowageListener() {};

  /** The largest number of chunks that one call names. */
  int MOST_NAMED = 1_000;

  /** Hears that a command was executed, whether accepted or rejected. */
  default void executed(Tick tick, Command<?> command, Result result) {}

  /**
   * Hears that the governor made a sender of {@code chunks} chunks wait, after their command, or
   * rejected them.
   *
   * @param why the exceeded signals, in words
   */
  default void admission(boolean isAdmitted, String why, int chunks) {}

  /** Hears that an audit found violations; the command is stopped before it is durable. */
  default void violated(Tick tick, Command<?> command, List<Violation> violations) {}

  /** Hears that the lease was claimed and the state loaded. */
  default void leading(long epoch) {}

  /** Hears that the lease is gone or a leading facade closed; {@code reason} is for people. */
  default void following(String reason) {}

  /**
   * Hears once that time stands still: for {@code suspectAfter} by the trusted clock, or else by
   * ticks, cycles were below {@code largest}, or gained less than half of that clock.
   */
  default void standing(Tick told, Tick largest) {}

  /**
   * Hears that workers departed with replicas, or without an order to leave. This and the four
   * happenings below are told once each, after their command, to the leader's listener alone; what
   * happened before the state was loaded is not told.
   */
  default void departed(Tick tick, List<WorkerId> workers) {}

  /** Hears that workers that were to leave, and empty, departed. Nothing is to be done. */
  default void left(Tick tick, List<WorkerId> workers) {}

  /**
   * Hears, after a cycle, that {@code chunks} more chunks are at risk ({@link
   * LeaderStanding#atRisk}). At most {@value #MOST_NAMED} of them are {@code named}, in no order.
   */
  default void atRisk(Tick tick, int chunks, List<ChunkKey> named) {}

  /** Hears that portals lost {@code oldChunks} and see {@code newChunks}. */
  default void swapFired(
      Tick tick, long swapId, List<ChunkKey> oldChunks, List<ChunkKey> newChunks) {}

  /**
   * Hears that the fleet goes on in another lineage: ingesters ask {@link
   * dev.stowage.lifecycle.questions.Questions#missing} for what they sent since {@link
   * LineageBegun#keptTick}, and ingest that again.
   */
  default void lineage(LineageBegun begun) {}

  /** Hears that accepted news was set aside; its author must repeat it if it is still wanted. */
  default void quarantined(QuarantinedNews news) {}

  /** Hears that host code or the store failed after a command was durable; nothing is undone. */
  default void failed(Throwable failure) {}

  /**
   * Tells that a fleet goes on in another lineage, because its store may have lost commits.
   *
   * @param former the lineage until now
   * @param present the lineage that begins
   * @param why the reason in plain words
   * @param keptTick the tick of the newest cycle that the store knows; later commits may be lost
   * @param keptNanos the store's clock at that cycle, in nanoseconds since 1970; empty without one
   * @param keptPosition the position of the database's log just before the newest commit of a
   *     leader that the store knows; empty without such a log
   * @param pauseUntil the tick until which nothing is deleted
   * @param inventoriesOwed the workers that count for nothing until they have sent an inventory
   */
  public record LineageBegun(
      Lineage former,
      Lineage present,
      String why,
      Tick keptTick,
      OptionalLong keptNanos,
      Optional<String> keptPosition,
      Tick pauseUntil,
      int inventoriesOwed) {}
}
