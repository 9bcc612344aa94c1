package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import dev.stowage.transfer.RarityIndex.State;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RarityTest {
  @Test
  @Tag("A-T45")
  @Tag("A-G22")
  void rarest_goesFirst_tiesByPiece() {
    RarityIndex index = new RarityIndex(3);
    index.advertise("p", 0, 1, 2);
    index.advertise("q", 1, 2);
    index.advertise("r", 1);
    assertThat(index.rarestFirst(2)).containsExactly(0, 2);
    assertThat(index.sequential(2)).containsExactly(0, 1);
  }

  @Test
  @Tag("A-T46")
  void tooManyPieces_andPiecesThatDoNotExist_areRefused_andNothingIsStored() {
    assertThatThrownBy(() -> new RarityIndex(1_000_001)).hasMessageContaining("1000001");
    assertThat(new RarityIndex(1_000_000).progressPercent()).isZero();
    RarityIndex index = new RarityIndex(2);
    assertThatThrownBy(() -> index.advertise("p", 0, 2)).hasMessageContaining("piece is 2");
    assertThat(index.copies(0)).isZero();
    assertThat(index.piecesOf("p")).isEmpty();
  }

  @Test
  @Tag("A-T47")
  void completed_staysCompletedWhateverIsSaidLater() {
    RarityIndex index = new RarityIndex(10);
    index.advertise("p", 3);
    assertThat(index.request(3, "p")).isTrue();
    index.downloading(3);
    index.verifying(3);
    index.complete(3);
    index.fail(3);
    assertThat(index.state(3)).isEqualTo(State.COMPLETED);
    assertThat(index.progressPercent()).isEqualTo(10);
    assertThat(index.sequential(10)).doesNotContain(3);
    assertThat(index.rarestFirst(10)).isEmpty();
  }

  @Test
  @Tag("A-D12")
  void removedPeer_takesItsCopiesAlong_andWhatItWasAskedForIsNeededAgain() {
    RarityIndex index = new RarityIndex(4);
    index.advertise("p", 0, 1, 1);
    index.advertise("q", 1);
    assertThat(index.copies(1)).isEqualTo(2);
    assertThat(index.request(0, "p")).isTrue();
    assertThat(index.request(1, "p")).isTrue();
    assertThat(index.request(1, "q")).isFalse();
    assertThat(index.request(2, "p")).isFalse();
    assertThat(index.removePeer("p")).containsExactly(0, 1);
    assertThat(index.copies(1)).isEqualTo(1);
    assertThat(index.rarestFirst(9)).containsExactly(1);
    assertThat(index.removePeer("p")).isEmpty();
    assertThat(index.multiplier(1, 2)).isEqualTo(2.0);
    assertThat(index.multiplier(0, 2)).isEqualTo(3.0);
  }

  @Test
  @Tag("A-D25")
  void failedRequest_ofOnePeer_leavesTheOthersAsked() {
    RarityIndex index = new RarityIndex(1);
    List.of("p", "q").forEach(peer -> index.advertise(peer, 0));
    assertThat(index.request(0, "p")).isTrue();
    index.fail(0, "q");
    assertThat(index.state(0)).isEqualTo(State.REQUESTED);
    index.fail(0, "p");
    assertThat(index.state(0)).isEqualTo(State.NEEDED);
    assertThat(index.request(0, "q")).isTrue();
    index.complete(0);
    index.fail(0, "q");
    assertThat(index.state(0)).isEqualTo(State.COMPLETED);
    assertThatThrownBy(() -> index.fail(1, "p")).hasMessageContaining("piece is 1");
  }

  @Property(tries = 200)
  @net.jqwik.api.Tag("A-D25")
  void failedRequests_nearTheEnd_neverLetMoreThanTheBoundStand(@ForAll long seed) {
    Random random = new Random(seed);
    RarityIndex index = new RarityIndex(20);
    List<String> peers = List.of("a", "b", "c", "d", "e", "f");
    peers.forEach(peer -> index.advertise(peer, 19));
    for (int piece = 0; piece < 19; piece++) {
      index.complete(piece);
    }
    TreeSet<String> asked = new TreeSet<>();
    for (int step = 0; step < 100; step++) {
      String peer = peers.get(random.nextInt(peers.size()));
      if (random.nextBoolean()) {
        index.fail(19, peer);
        asked.remove(peer);
      } else {
        boolean isAllowed =
            !asked.contains(peer) && asked.size() < RarityIndex.MAX_REQUESTS_PER_PIECE;
        assertThat(index.request(19, peer)).isEqualTo(isAllowed);
        if (isAllowed) {
          asked.add(peer);
        }
      }
      assertThat(index.state(19)).isEqualTo(asked.isEmpty() ? State.NEEDED : State.REQUESTED);
    }
  }

  @Test
  @Tag("A-D12")
  void end_allowsABoundedNumberOfRequestsForOnePiece() {
    RarityIndex index = new RarityIndex(11);
    for (String peer : List.of("a", "b", "c", "d")) {
      index.advertise(peer, 10);
    }
    assertThat(index.request(10, "a")).isTrue();
    for (int piece = 0; piece < 9; piece++) {
      index.complete(piece);
    }
    assertThat(index.isEnding()).isFalse();
    assertThat(index.request(10, "b")).isFalse();
    index.complete(9);
    assertThat(index.isEnding()).isTrue();
    assertThat(index.request(10, "a")).isFalse();
    assertThat(index.request(10, "b")).isTrue();
    assertThat(index.request(10, "c")).isTrue();
    assertThat(index.request(10, "d")).isFalse();
  }

  /** Copies and order against a recount from scratch. */
  @Property(seed = "1")
  @net.jqwik.api.Tag("A-D12")
  void copies_afterAnyComingAndGoing_areThoseOfARecount(@ForAll long seed) {
    Random random = new Random(seed);
    RarityIndex index = new RarityIndex(8);
    TreeMap<String, TreeSet<Integer>> peers = new TreeMap<>();
    for (int step = 0; step < 40; step++) {
      String peer = "p" + random.nextInt(4);
      if (random.nextInt(3) == 0) {
        index.removePeer(peer);
        peers.remove(peer);
      } else {
        int[] pieces = random.ints(random.nextInt(6), 0, 8).toArray();
        index.advertise(peer, pieces);
        TreeSet<Integer> distinct = new TreeSet<>();
        for (int piece : pieces) {
          distinct.add(piece);
        }
        peers.put(peer, distinct);
      }
      int piece = random.nextInt(8);
      index.request(piece, peer);
      TreeSet<String> expected = new TreeSet<>();
      for (int i = 0; i < 8; i++) {
        int copies = 0;
        for (TreeSet<Integer> held : peers.values()) {
          copies += held.contains(i) ? 1 : 0;
        }
        assertThat(index.copies(i)).isEqualTo(copies);
        if (copies > 0 && index.state(i) == State.NEEDED) {
          expected.add(copies + " " + i);
        }
      }
      assertThat(index.rarestFirst(8).stream().map(i -> index.copies(i) + " " + i).toList())
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void peer_isChosenByScoreAndHeadroom_tiesByName() {
    PeerScore fast = new PeerScore("b", 10e6, 9, 1, 0, 100, 1, 0);
    assertThat(fast.score()).isEqualTo(0.3 + 0.27 + 0.2 + 0.2, within(1e-12));
    PeerScore same = new PeerScore("a", 20e6, 9, 1, 0, 100, 1, 0);
    PeerScore busy = new PeerScore("c", 10e6, 9, 0, 0, 100, 1, 4);
    assertThat(PeerScore.choose(List.of(fast, same, busy))).contains(same);
    assertThat(PeerScore.choose(List.of(busy))).isEmpty();
    PeerScore odd = new PeerScore("d", Double.NaN, 0, 0, Double.NaN, Double.NaN, Double.NaN, 0);
    assertThat(odd.score()).isEqualTo(0.0);
  }

  @Test
  void reliabilityOfAPeer_ofAsManyTransfersAsCanBeCounted_isAShare() {
    long most = Long.MAX_VALUE;
    assertThat(new PeerScore("a", 0, most, 1, 0, 1e9, 0, 0).score()).isEqualTo(0.3, within(1e-6));
    assertThat(new PeerScore("a", 0, most, most, 0, 1e9, 0, 0).score())
        .isEqualTo(0.15, within(1e-6));
    assertThat(new PeerScore("a", 0, 1, most, 0, 1e9, 0, 0).score()).isEqualTo(0, within(1e-6));
  }

  @Test
  @org.junit.jupiter.api.Tag("A-D12")
  void availability_ofAPiece_replacesWhatWasKnownOfIt_andRatesItems() {
    Availability all = new Availability();
    RarityIndex index = new RarityIndex(3);
    all.track(-7, index);
    all.availability(-7, 0, List.of("a", "b", "c"));
    all.availability(-7, 1, List.of("a"));
    all.availability(-7, 2, List.of("a", "b", "b"));
    assertThat(index.rarestFirst(3)).containsExactly(1, 2, 0);
    all.availability(-7, 0, List.of());
    assertThat(index.copies(0)).isZero();
    assertThat(index.piecesOf("a")).containsExactly(1, 2);
    all.removePeer("b");
    ContentItem item = ContentItem.of(1, PriorityClass.DATA, 1, 1, 1);
    assertThat(all.rated(item.asPiece(-7, 2)).details().copies()).isEqualTo(1);
    assertThat(all.rated(item.asPiece(8, 2)).details().copies()).isEqualTo(-1);
    assertThat(all.rated(item)).isSameAs(item);
    assertThatThrownBy(() -> all.availability(8, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("object 8 is not tracked; track it first");
  }

  @Test
  @org.junit.jupiter.api.Tag("A-D12")
  void source_isChosenAmongThoseThatHoldThePiece() {
    RarityIndex index = new RarityIndex(2);
    index.availability(1, List.of("slow"));
    index.availability(0, List.of("slow", "fast"));
    PeerScore slow = new PeerScore("slow", 1e6, 9, 1, 0, 100, 1, 0);
    PeerScore fast = new PeerScore("fast", 10e6, 9, 1, 0, 100, 1, 0);
    assertThat(index.chooseSource(0, List.of(slow, fast))).contains(fast);
    assertThat(index.chooseSource(1, List.of(slow, fast))).contains(slow);
    assertThat(index.chooseSource(1, List.of(fast))).isEmpty();
  }
}
