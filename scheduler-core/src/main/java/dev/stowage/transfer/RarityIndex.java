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

/** The states and numbers of holders of a transfer's pieces, rarest first. Not thread-safe. */
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

  public static final int MAX_PIECES = 1_000_000;

  /** The most requests for one piece at a time, near the end. */
  public static final int MAX_REQUESTS_PER_PIECE = 3;

  /** The completed percentage above which the end begins. */
  public static final int END_ABOVE_PERCENT = 90;

  private static final int[] NO_PIECES = {};

  private final int total;
  private final int[] copies;
  private final State[] states;
  private final TreeMap<Integer, TreeSet<String>> requests = new TreeMap<>();
  private final TreeMap<String, SparseBits> piecesOf = new TreeMap<>();

  /** Needed pieces with holders, rarest first. Take a piece out before its copies change. */
  private final TreeSet<Integer> available;

  private final Recorded<Input, Outcome> shell;

  private int completed;

  public enum State {
    NEEDED,
    REQUESTED,
    DOWNLOADING,
    VERIFYING,
    COMPLETED
  }

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

  enum Move {
    DOWNLOADING,
    VERIFYING,
    COMPLETED,
    FAILED
  }

  public static RarityIndex recording(int total, EvidenceLog log) {
    return new RarityIndex(total, RecordWriter.into(log));
  }

  /** Replaces the pieces of a peer, or nothing if one of them is out of range. */
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

  /** Replaces the holders of one piece, in time proportional to given and known peers. */
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

  /** Toggles whether a peer holds a piece. */
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

  /** Withdraws a request; returns whether the piece is needed again. */
  private boolean withdraw(int piece, String peer) {
    TreeSet<String> asked = requests.get(piece);
    if (asked == null || !asked.remove(peer) || !asked.isEmpty()) {
      return false;
    }
    need(piece);
    return true;
  }

  /** Removes a peer; returns the pieces that are needed again. */
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

  public int copies(int piece) {
    return copies[requirePiece(piece)];
  }

  public State state(int piece) {
    return states[requirePiece(piece)];
  }

  /** Returns at most {@code most} needed pieces with holders, rarest first. */
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

  /** Returns at most {@code most} needed pieces in ascending order. */
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

  /** Requests a needed piece, or near the end one with few requests; false if not allowed. */
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

  public void downloading(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.DOWNLOADING));
  }

  public void verifying(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.VERIFYING));
  }

  /** Completes a piece, which is final. */
  public void complete(int piece) {
    shell.apply(new PieceMoved(requirePiece(piece), Move.COMPLETED));
  }

  /** Withdraws a peer's request for a piece, which is needed again without other requests. */
  public void fail(int piece, String peer) {
    shell.apply(new RequestFailed(requirePiece(piece), peer));
  }

  /** Makes a piece with wrong bytes needed again and drops its requests, unless it is completed. */
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

  /** Returns the completed percentage, rounded down; 100 for a transfer without pieces. */
  public int progressPercent() {
    return total == 0 ? 100 : (int) (100L * completed / total);
  }

  public boolean isEnding() {
    return 100L * completed > (long) END_ABOVE_PERCENT * total;
  }

  /** Returns {@code 1 + k / (1 + copies)}, for a finite {@code k} of at least 0. */
  public double multiplier(int piece, double k) {
    if (!(k >= 0) || Double.isInfinite(k)) {
      throw new IllegalArgumentException("k is " + k + "; finite, at least 0 is accepted");
    }
    return 1 + k / (1.0 + copies(piece));
  }

  public static EvidenceHeader header(int total, String libraryVersion) {
    return KIND.header(total, libraryVersion);
  }

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

  public List<Integer> piecesOf(String peer) {
    SparseBits held = piecesOf.get(peer);
    return held == null ? List.of() : Arrays.stream(held.toArray()).boxed().toList();
  }
}
