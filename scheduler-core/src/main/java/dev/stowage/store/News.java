package dev.stowage.store;

import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What other processes wrote and no commit has consumed yet. Found by a mark on each unconsumed
 * row, never by "rows above the largest id seen": a row that became visible late is still found.
 *
 * @param items in the order of consumption, no more than the store likes to hand out at once
 * @param more whether further news waits behind them: it must be taken in, by commits of its own,
 *     before the leader decides anything itself
 */
public record News(List<Piece> items, boolean more) {
  /** Nothing. */
  public static final News NONE = new News(List.of(), false);

  /** Copies the list. */
  public News {
    items = List.copyOf(items);
  }

  /** One piece of news. */
  public sealed interface Piece permits Item, Unreadable {
    /** Names it until it is consumed. */
    long mark();

    /** The tick at which it was executed. */
    Tick tick();
  }

  /**
   * One command that the store has accepted on its own.
   *
   * @param mark names it until it is consumed
   * @param tick the tick at which it was executed
   * @param command the command
   */
  public record Item(long mark, Tick tick, Command<?> command) implements Piece {
    /** Refuses nulls. */
    public Item {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(command, "command");
    }
  }

  /**
   * One whose bytes say nothing to this version: a newer one's, or a hand's. The leader sets it
   * aside.
   *
   * @param mark names it until it is consumed
   * @param tick the tick at which it was executed, as far as that can be told
   * @param kind what kind of command it says it is, where that can be told
   * @param worker the worker that it is about, where that can be told
   * @param digest of its bytes
   * @param bytes how many they are
   * @param reason why it cannot be read
   */
  public record Unreadable(
      long mark,
      Tick tick,
      Optional<CommandKind<?, ?>> kind,
      Optional<WorkerId> worker,
      Hash256 digest,
      long bytes,
      String reason)
      implements Piece {
    /** Refuses nulls. */
    public Unreadable {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * What a store has kept for a piece of news beside the piece, ahead of the leader.
   *
   * @param worker the row of its worker with all news of it; empty where there is none
   * @param admitted chunks that were accepted with it and that no other news names
   * @param offered chunks that were offered with it and that no other news names
   */
  public record Traces(
      Optional<WorkerRow> worker, List<ProposedChunk> admitted, List<ProposedChunk> offered) {
    /** None. */
    public static final Traces NONE = new Traces(Optional.empty(), List.of(), List.of());

    /** Copies the lists. */
    public Traces {
      Objects.requireNonNull(worker, "worker");
      admitted = List.copyOf(admitted);
      offered = List.copyOf(offered);
    }

    /**
     * The traces of a piece in a store that decides on a state of its own.
     *
     * @param base the state that the leader committed
     * @param ahead that state with all news
     * @param news all news that waits, in order
     * @param mark the piece
     */
    public static Traces of(LifecycleState base, LifecycleState ahead, List<Item> news, long mark) {
      Set<ChunkKey> others = new TreeSet<>();
      for (Item item : news) {
        if (item.mark() != mark) {
          chunks(item.command()).forEach(chunk -> others.add(chunk.key()));
        }
      }
      for (Item item : news) {
        if (item.mark() == mark) {
          Optional<WorkerRow> worker =
              item.command()
                  .kind()
                  .worker(item.command())
                  .map(ahead::workerPosition)
                  .filter(position -> position >= 0)
                  .map(ahead::workerRow);
          List<ProposedChunk> kept =
              chunks(item.command()).stream()
                  .filter(chunk -> !others.contains(chunk.key()))
                  .filter(chunk -> base.chunkPosition(chunk.key()) < 0)
                  .filter(chunk -> ahead.chunkPosition(chunk.key()) >= 0)
                  .toList();
          return item.command() instanceof Command.Offer
              ? new Traces(worker, List.of(), kept)
              : new Traces(worker, kept, List.of());
        }
      }
      return NONE;
    }

    private static List<ProposedChunk> chunks(Command<?> command) {
      if (command instanceof Command.Ingest ingest) {
        return ingest.chunks();
      }
      return command instanceof Command.Offer offer ? offer.chunks() : List.of();
    }
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** Those that can be read. */
  public List<Item> readable() {
    return items.stream().filter(Item.class::isInstance).map(Item.class::cast).toList();
  }
}
