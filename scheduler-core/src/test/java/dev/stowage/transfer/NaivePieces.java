package dev.stowage.transfer;

import dev.stowage.transfer.RarityIndex.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A model of {@link RarityIndex} that looks at every peer and every piece each time. */
final class NaivePieces {
  private final State[] states;
  private final Map<String, Set<Integer>> held = new TreeMap<>();
  private final Map<Integer, Set<String>> asked = new TreeMap<>();

  NaivePieces(int total) {
    states = new State[total];
    Arrays.fill(states, State.NEEDED);
  }

  void advertise(String peer, Collection<Integer> pieces) {
    Set<Integer> now = new TreeSet<>(pieces);
    Set<Integer> before = held.put(peer, now);
    if (before != null) {
      before.stream().filter(piece -> !now.contains(piece)).forEach(it -> withdraw(it, peer));
    }
  }

  /** Returns the words about one piece: everything about each peer to which it is new. */
  Map<String, Set<Integer>> words(int piece, Collection<String> peers) {
    Set<String> all = new TreeSet<>(peers);
    all.addAll(held.keySet());
    Map<String, Set<Integer>> words = new TreeMap<>();
    for (String peer : all) {
      Set<Integer> pieces = new TreeSet<>(piecesOf(peer));
      if (peers.contains(peer) ? pieces.add(piece) : pieces.remove(piece)) {
        words.put(peer, pieces);
      }
    }
    return words;
  }

  List<Integer> removePeer(String peer) {
    Set<Integer> gone = held.remove(peer);
    List<Integer> lost = new ArrayList<>();
    for (int piece : gone == null ? Set.<Integer>of() : gone) {
      if (withdraw(piece, peer)) {
        lost.add(piece);
      }
    }
    return lost;
  }

  boolean request(int piece, String peer) {
    Set<String> others = asked.getOrDefault(piece, new TreeSet<>());
    boolean isUnderWay = state(piece) == State.REQUESTED || state(piece) == State.DOWNLOADING;
    boolean isAgain =
        completed() * 100L > RarityIndex.END_ABOVE_PERCENT * (long) states.length
            && isUnderWay
            && others.size() < RarityIndex.MAX_REQUESTS_PER_PIECE;
    if (!piecesOf(peer).contains(piece)
        || !(state(piece) == State.NEEDED || isAgain)
        || !others.add(peer)) {
      return false;
    }
    asked.put(piece, others);
    if (state(piece) == State.NEEDED) {
      states[piece] = State.REQUESTED;
    }
    return true;
  }

  void downloading(int piece) {
    if (state(piece) == State.REQUESTED) {
      states[piece] = State.DOWNLOADING;
    }
  }

  void verifying(int piece) {
    if (state(piece) == State.REQUESTED || state(piece) == State.DOWNLOADING) {
      states[piece] = State.VERIFYING;
    }
  }

  void complete(int piece) {
    states[piece] = State.COMPLETED;
    asked.remove(piece);
  }

  void fail(int piece) {
    if (state(piece) != State.COMPLETED) {
      states[piece] = State.NEEDED;
      asked.remove(piece);
    }
  }

  List<Integer> rarestFirst() {
    return needed().stream()
        .filter(piece -> copies(piece) > 0)
        .sorted(
            Comparator.<Integer>comparingInt(this::copies).thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  List<Integer> needed() {
    return IntStream.range(0, states.length)
        .filter(piece -> states[piece] == State.NEEDED)
        .boxed()
        .toList();
  }

  int copies(int piece) {
    return (int) held.values().stream().filter(pieces -> pieces.contains(piece)).count();
  }

  State state(int piece) {
    return states[piece];
  }

  List<Integer> piecesOf(String peer) {
    return List.copyOf(held.getOrDefault(peer, Set.of()));
  }

  private int completed() {
    return (int) Arrays.stream(states).filter(state -> state == State.COMPLETED).count();
  }

  boolean withdraw(int piece, String peer) {
    Set<String> peers = asked.get(piece);
    if (peers == null || !peers.remove(peer) || !peers.isEmpty()) {
      return false;
    }
    fail(piece);
    return true;
  }
}
