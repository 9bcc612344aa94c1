package dev.stowage.transfer;

import dev.stowage.columns.SparseBits;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.RarityRecords.Advertised;
import dev.stowage.transfer.RarityRecords.Allowed;
import dev.stowage.transfer.RarityRecords.Input;
import dev.stowage.transfer.RarityRecords.Outcome;
import dev.stowage.transfer.RarityRecords.PeerRemoved;
import dev.stowage.transfer.RarityRecords.PieceHeld;
import dev.stowage.transfer.RarityRecords.PieceMoved;
import dev.stowage.transfer.RarityRecords.Pieces;
import dev.stowage.transfer.RarityRecords.PiecesAsked;
import dev.stowage.transfer.RarityRecords.RequestFailed;
import dev.stowage.transfer.RarityRecords.Requested;
import dev.stowage.transfer.RarityRecords.Source;
import dev.stowage.transfer.RarityRecords.SourceAsked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Knows which pieces of a transfer are rare, and what became of each.
 *
 * <p>Rarest first means fewest holders first, of equals the smaller piece. Holders are counted as
 * they come and go, so that removing a peer costs the pieces of that peer; nothing is recounted.
 * Near the end a piece may be requested from several peers, a bounded number of times. Belongs to
 * one thread at a time.
 */
public final class RarityIndex {
  private static final PartKind<Integer> KIND =
      new PartKind<>(
          "rarity-index",
          RarityRecords.ALL,
          Shape.of(
              "rarity_index",
              row -> {
                var total = row.number("total", Integer::longValue).narrow();
                return total::intOf;
              }),
          (total, log) -> recording(total, log).shell);

  /** The most pieces of a transfer. */
  public static final int MAX_PIECES = 1_000_000;

  /** Requests for one piece at a time, near the end. */
  public static final int MAX_REQUESTS_PER_PIECE = 3;

  /** The end begins when more than this share of the pieces, in percent, is completed. */
  public static final int END_ABOVE_PERCENT = 90;

  private static final int[] NO_PIECES = {};

  private final int total;
  private final int[] copies;
  private final State[] states;
  private final TreeMap<Integer, TreeSet<String>> requests = new TreeMap<>();
  private final TreeMap<String, SparseBits> piecesOf = new TreeMap<>();

  /**
   * Needed pieces that somebody holds, rarest first. Who changes copies takes the piece out first.
   */
  private final TreeSet<Integer> available;

  private final Recorded<Input, Outcome> shell;

  private int completed;

  /** What became of a piece. Failed pieces are needed again. */
  public enum State {
    /** Nobody was asked. */
    NEEDED,
    /** Somebody was asked. */
    REQUESTED,
    /** It is on its way. */
    DOWNLOADING,
    /** It is here and is looked at. */
    VERIFYING,
    /** It is here; that does not change any more. */
    COMPLETED
  }

  /**
   * Every piece is needed.
   *
   * @param total pieces of the transfer, 0 to {@value #MAX_PIECES}; checked before anything is
   *     allocated
   */
  public RarityIndex(int total) {
    this(total, RecordWriter.none());
  }

  private RarityIndex(int total, RecordWriter log) {
    if (total < 0 || total > MAX_PIECES) {
      throw new IllegalArgumentException(
          "total is " + total + "; 0 to " + MAX_PIECES + " is accepted");
    }
    this.total = total;
    shell = new Recorded<>(log, RarityRecords.ALL, this::apply);
    this.copies = new int[total];
    this.states = new State[total];
    Arrays.fill(states, State.NEEDED);
    this.available = new TreeSet<>((a, b) -> order(copies[a], a, copies[b], b));
  }

  /** What is said of a piece. */
  enum Move {
    /** It is on its way. */
    DOWNLOADING,
    /** It is looked at. */
    VERIFYING,
    /** It is here. */
    COMPLETED,
    /** It did not come, or was not what it should be. */
    FAILED
  }

  /** Every piece is needed; everything is recorded. */
  public static RarityIndex recording(int total, EvidenceLog log) {
    return new RarityIndex(total, RecordWriter.into(log));
  }

  /**
   * A peer says which pieces it holds, in place of what it said before. Nothing is stored if any of
   * them is out of range.
   *
   * @param pieces each at least 0 and below the total; repeated ones count once
   */
  public void advertise(String peer, int... pieces) {
    for (int piece : pieces) {
      requirePiece(piece);
    }
    shell.apply(new Advertised(peer, Arrays.stream(pieces).sorted().distinct().toArray()));
  }

  private void apply(Input input, Outcomes<Outcome> to) {
    if (input instanceof Advertised advertised) {
      replace(advertised);
    } else if (input instanceof PieceHeld held) {
      change(held.peer(), held.piece());
    } else if (input instanceof PeerRemoved removed) {
      to.add(new Pieces(remove(removed.peer())));
    } else if (input instanceof PiecesAsked asked) {
      to.add(new Pieces(asked.rarest() ? rarest(asked.most()) : first(asked.most())));
    } else if (input instanceof Requested requested) {
      to.add(new Allowed(ask(requested.piece(), requested.peer())));
    } else if (input instanceof SourceAsked asked) {
      to.add(new Source(choose(asked)));
    } else if (input instanceof RequestFailed failed) {
      withdraw(failed.piece(), failed.peer());
    } else if (input instanceof PieceMoved moved) {
      move(moved.piece(), moved.move());
    }
  }

  private void replace(Advertised advertised) {
    String peer = advertised.peer();
    int[] pieces = advertised.pieces();
    SparseBits now = SparseBits.of(pieces);
    SparseBits before = piecesOf.put(peer, now);
    int[] former = before == null ? NO_PIECES : before.toArray();
    for (int piece : former) {
      count(piece, -1);
    }
    for (int piece : pieces) {
      count(piece, 1);
    }
    for (int piece : former) {
      if (!now.contains(piece)) {
        withdraw(piece, peer);
      }
    }
  }

  /**
   * These peers, and no others, hold a piece: what is known of other pieces stays. Costs a look at
   * each of these peers, and at all that are known where one that held the piece is not among them.
   * An index that records writes down each peer of which something changes.
   *
   * @param peers who holds it; repeated ones count once
   */
  public void availability(int piece, List<String> peers) {
    requirePiece(piece);
    TreeSet<String> holders = new TreeSet<>(peers);
    TreeSet<String> changed = new TreeSet<>(holders);
    changed.removeIf(peer -> holds(peer, piece));
    if (holders.size() - changed.size() < copies[piece]) {
      for (Map.Entry<String, SparseBits> known : piecesOf.entrySet()) {
        if (known.getValue().contains(piece) && !holders.contains(known.getKey())) {
          changed.add(known.getKey());
        }
      }
    }
    for (String peer : changed) {
      shell.apply(new PieceHeld(piece, peer, !holds(peer, piece)));
    }
  }

  /** A peer holds a piece that it did not hold, or holds one no longer. */
  private void change(String peer, int piece) {
    SparseBits held = piecesOf.computeIfAbsent(peer, it -> new SparseBits());
    if (held.contains(piece)) {
      held.remove(piece);
      count(piece, -1);
      withdraw(piece, peer);
    } else {
      held.add(piece);
      count(piece, 1);
    }
  }

  /**
   * The best source of a piece among peers that hold it, as {@link PeerScore#choose}; recorded.
   *
   * @param peers what is known of each
   */
  public Optional<PeerScore> chooseSource(int piece, List<PeerScore> peers) {
    requirePiece(piece);
    return ((Source) shell.answer(new SourceAsked(piece, List.copyOf(peers)))).peer();
  }

  private Optional<PeerScore> choose(SourceAsked asked) {
    return PeerScore.choose(
        asked.peers().stream().filter(peer -> holds(peer.id(), asked.piece())).toList());
  }

  private boolean holds(String peer, int piece) {
    SparseBits held = piecesOf.get(peer);
    return held != null && held.contains(piece);
  }

  /** A peer is asked for a piece no more; returns whether nobody else is, so that it is needed. */
  private boolean withdraw(int piece, String peer) {
    TreeSet<String> asked = requests.get(piece);
    if (asked == null || !asked.remove(peer) || !asked.isEmpty()) {
      return false;
    }
    need(piece);
    return true;
  }

  /**
   * A peer is gone: it holds nothing, and what was asked of it is needed again.
   *
   * @return the pieces that are needed again because they were asked of nobody else
   */
  public List<Integer> removePeer(String peer) {
    return pieces(new PeerRemoved(peer));
  }

  private List<Integer> pieces(Input input) {
    return ((Pieces) shell.answer(input)).pieces();
  }

  private List<Integer> remove(String peer) {
    SparseBits gone = piecesOf.remove(peer);
    int[] held = gone == null ? NO_PIECES : gone.toArray();
    for (int piece : held) {
      count(piece, -1);
    }
    List<Integer> lost = new ArrayList<>();
    for (int piece : held) {
      if (withdraw(piece, peer)) {
        lost.add(piece);
      }
    }
    return lost;
  }

  /** How many peers hold a piece. */
  public int copies(int piece) {
    return copies[requirePiece(piece)];
  }

  /** What became of a piece. */
  public State state(int piece) {
    return states[requirePiece(piece)];
  }

  /** Needed pieces that somebody holds, rarest first, at most this many. */
  public List<Integer> rarestFirst(int most) {
    return pieces(new PiecesAsked(true, most));
  }

  private List<Integer> rarest(int most) {
    List<Integer> rarest = new ArrayList<>();
    for (int piece : available) {
      if (rarest.size() >= most) {
        break;
      }
      rarest.add(piece);
    }
    return rarest;
  }

  /** Needed pieces in ascending order, at most this many. */
  public List<Integer> sequential(int most) {
    return pieces(new PiecesAsked(false, most));
  }

  private List<Integer> first(int most) {
    List<Integer> first = new ArrayList<>();
    for (int piece = 0; piece < total && first.size() < most; piece++) {
      if (states[piece] == State.NEEDED) {
        first.add(piece);
      }
    }
    return first;
  }

  /**
   * Asks a peer for a piece.
   *
   * @return whether it may be asked: it holds the piece, the piece is needed, or the end has begun
   *     and fewer than {@value #MAX_REQUESTS_PER_PIECE} others are asked for it
   */
  public boolean request(int piece, String peer) {
    requirePiece(piece);
    return ((Allowed) shell.answer(new Requested(piece, peer))).allowed();
  }

  private boolean ask(int piece, String peer) {
    if (!holds(peer, piece)) {
      return false;
    }
    TreeSet<String> asked = requests.getOrDefault(piece, new TreeSet<>());
    boolean again =
        isEnding()
            && (states[piece] == State.REQUESTED || states[piece] == State.DOWNLOADING)
            && asked.size() < MAX_REQUESTS_PER_PIECE;
    boolean allowed = states[piece] == State.NEEDED || again;
    if (!allowed || !asked.add(peer)) {
      return false;
    }
    if (states[piece] == State.NEEDED) {
      available.remove(piece);
      states[piece] = State.REQUESTED;
    }
    requests.put(piece, asked);
    return true;
  }

  /** A piece that was asked for is on its way. */
  public void downloading(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.DOWNLOADING));
  }

  /** A piece has come and is looked at. */
  public void verifying(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.VERIFYING));
  }

  /** A piece is here. Whatever is said about it afterwards changes nothing. */
  public void complete(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.COMPLETED));
  }

  /**
   * Notes that a peer did not bring a piece that it was asked for. The piece is needed again if
   * nobody else is asked for it and it is not here; requests of other peers stand, and count
   * towards the bound of {@value #MAX_REQUESTS_PER_PIECE}. Changes nothing for a peer that was not
   * asked.
   */
  public void fail(int piece, String peer) {
    shell.apply(new RequestFailed(requirePiece(piece), peer));
  }

  /**
   * Notes that a piece is not what it should be, whoever brought it. It is needed again unless it
   * is here, and no request for it stands.
   */
  public void fail(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.FAILED));
  }

  private void move(int piece, Move move) {
    State state = states[piece];
    switch (move) {
      case DOWNLOADING -> states[piece] = state == State.REQUESTED ? State.DOWNLOADING : state;
      case VERIFYING -> {
        boolean isComing = state == State.DOWNLOADING || state == State.REQUESTED;
        states[piece] = isComing ? State.VERIFYING : state;
      }
      case COMPLETED -> {
        if (state != State.COMPLETED) {
          available.remove(piece);
          requests.remove(piece);
          states[piece] = State.COMPLETED;
          completed++;
        }
      }
      case FAILED -> need(piece);
    }
  }

  private void need(int piece) {
    if (states[requirePiece(piece)] == State.COMPLETED) {
      return;
    }
    requests.remove(piece);
    states[piece] = State.NEEDED;
    if (copies[piece] > 0) {
      available.add(piece);
    }
  }

  /** Completed pieces in whole percent, rounded down; 100 for a transfer without pieces. */
  public int progressPercent() {
    return total == 0 ? 100 : (int) (100L * completed / total);
  }

  /** Whether more than {@value #END_ABOVE_PERCENT} percent is completed. */
  public boolean isEnding() {
    return 100L * completed > (long) END_ABOVE_PERCENT * total;
  }

  /**
   * What a utility is multiplied with because of rarity: {@code 1 + k / (1 + copies)}.
   *
   * @param k how much rarity weighs, finite and at least 0
   */
  public double multiplier(int piece, double k) {
    if (!(k >= 0) || Double.isInfinite(k)) {
      throw new IllegalArgumentException("k is " + k + "; finite and at least 0");
    }
    return 1 + k / (1.0 + copies(piece));
  }

  /** What a log must begin with for an index of this size to be run again. */
  public static EvidenceHeader header(int total, String libraryVersion) {
    return KIND.header(total, libraryVersion);
  }

  /** Makes fresh indexes of the recorded size, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private void count(int piece, int change) {
    available.remove(piece);
    copies[piece] += change;
    if (copies[piece] > 0 && states[piece] == State.NEEDED) {
      available.add(piece);
    }
  }

  private static int order(int copies, int piece, int otherCopies, int otherPiece) {
    return copies != otherCopies
        ? Integer.compare(copies, otherCopies)
        : Integer.compare(piece, otherPiece);
  }

  private int requirePiece(int piece) {
    if (piece < 0 || piece >= total) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "piece is %d; 0 to %d is accepted", piece, total - 1));
    }
    return piece;
  }

  /** The pieces that a peer says it holds; empty for one that said nothing. */
  public List<Integer> piecesOf(String peer) {
    SparseBits held = piecesOf.get(peer);
    return held == null ? List.of() : Arrays.stream(held.toArray()).boxed().toList();
  }
}
