package dev.stowage.store;

import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleView;
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
 * Writes of other processes that no commit has consumed, in order. Found by a mark on each row:
 * "rows above the largest id seen" would miss a late one. If there is more, the leader takes it in
 * by own commits before it decides anything.
 */
public record News(List<Piece> items, boolean more) {
  /** No news. */
  public static final News NONE = new News(List.of(), false);

  /** Copies the list. */
  public News {
    items = List.copyOf(items);
  }

  /** A piece of news. */
  public sealed interface Piece permits Item, Unreadable {
    /** Returns its name until it is consumed. */
    long mark();

    /** Returns the tick of its execution. */
    Tick tick();
  }

  /** A command that the store has accepted, named by its mark until it is consumed. */
  public record Item(long mark, Tick tick, Command<?> command) implements Piece {
    /** Throws {@link NullPointerException} if a component is null. */
    public Item {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(command, "command");
    }
  }

  /**
   * News unreadable for this version, which the leader sets aside.
   *
   * @param mark its name until it is consumed
   * @param tick the tick of its execution, as far as known
   * @param kind its kind of command, if known
   * @param worker its worker, if known
   * @param digest the digest of its bytes
   * @param bytes the number of its bytes
   * @param reason the cause
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
    /** Throws {@link NullPointerException} if a component is null. */
    public Unreadable {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The rows that a store keeps beside a piece of news: its worker's with all news, and chunks
   * admitted or offered with no other news.
   */
  public record Traces(
      Optional<WorkerRow> worker, List<ProposedChunk> admitted, List<ProposedChunk> offered) {
    /** No traces. */
    public static final Traces NONE = new Traces(Optional.empty(), List.of(), List.of());

    /** Copies the lists. */
    public Traces {
      Objects.requireNonNull(worker, "worker");
      admitted = List.copyOf(admitted);
      offered = List.copyOf(offered);
    }

    /** Returns a piece's traces, between the leader's committed state and that with all news. */
    public static Traces of(LifecycleView base, LifecycleView ahead, List<Item> news, long mark) {
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

  /** Reports whether there is no news. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** Returns the readable news. */
  public List<Item> readable() {
    return items.stream().filter(Item.class::isInstance).map(Item.class::cast).toList();
  }
}
