package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Compares the index of pieces with a model that looks at all peers and all pieces. */
class RarityPropertyTest {
  private static final int PEERS = 6;

  /** Also pieces that lie far apart, and the first and last ones of what is kept together. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  @Tag("A-D12")
  void pieces_inAnyHistory_areThoseOfTheNaiveModel(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int total = 1 + random.nextInt(random.nextBoolean() ? 12 : 2_500);
    RarityIndex index = new RarityIndex(total);
    NaivePieces naive = new NaivePieces(total);
    for (int step = 0; step < 120; step++) {
      int piece = piece(random, total);
      String peer = "p" + random.nextInt(PEERS);
      switch (random.nextInt(10)) {
        case 0 -> {
          List<Integer> pieces = pieces(random, total);
          index.advertise(peer, array(pieces));
          naive.advertise(peer, pieces);
        }
        case 1 -> {
          if (random.nextInt(3) == 0) {
            assertThat(index.removePeer(peer)).isEqualTo(naive.removePeer(peer));
          }
        }
        case 2 -> {
          index.downloading(piece);
          naive.downloading(piece);
        }
        case 3 -> {
          index.verifying(piece);
          naive.verifying(piece);
        }
        case 4 -> {
          index.complete(piece);
          naive.complete(piece);
        }
        case 5 -> {
          index.fail(piece);
          naive.fail(piece);
        }
        case 6 -> {
          index.fail(piece, peer);
          naive.withdraw(piece, peer);
        }
        case 7 -> assertThat(index.request(piece, peer)).isEqualTo(naive.request(piece, peer));
        default -> {
          List<String> peers = peers(random);
          naive.words(piece, peers).forEach(naive::advertise);
          index.availability(piece, peers);
        }
      }
      verify(index, naive, total);
    }
  }

  /** A replay of what an index records of the peers of a piece leads to the same index. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  @Tag("A-D12")
  void availability_ofAPiece_isRecordedAsWhatEachPeerSaysAnew(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int total = 1 + random.nextInt(random.nextBoolean() ? 8 : 3_000);
    EvidenceLog log = EvidenceLog.of(RarityIndex.header(total, "test"));
    RarityIndex index = RarityIndex.recording(total, log);
    NaivePieces naive = new NaivePieces(total);
    int changes = 0;
    for (int step = 0; step < 40; step++) {
      int piece = piece(random, total);
      List<String> peers = peers(random);
      var words = naive.words(piece, peers);
      words.forEach(naive::advertise);
      changes += words.size();
      index.availability(piece, peers);
    }
    assertThat(log.records()).hasSize(changes);
    Replayer.run(log.header(), log.records(), RarityIndex.factory()).requireSame();
    verify(index, naive, total);
  }

  private static void verify(RarityIndex index, NaivePieces naive, int total) {
    assertThat(index.rarestFirst(total)).isEqualTo(naive.rarestFirst());
    for (int peer = 0; peer < PEERS; peer++) {
      assertThat(index.piecesOf("p" + peer)).isEqualTo(naive.piecesOf("p" + peer));
    }
    for (int piece = 0; piece < total; piece += 1 + total / 50) {
      assertThat(index.state(piece)).isEqualTo(naive.state(piece));
      assertThat(index.copies(piece)).isEqualTo(naive.copies(piece));
    }
    assertThat(index.sequential(5)).isEqualTo(naive.needed().stream().limit(5).toList());
  }

  private static int piece(SplittableRandom random, int total) {
    int page = 1 << (6 + random.nextInt(6));
    int piece = random.nextInt(total) / page * page - random.nextInt(2);
    return random.nextBoolean() ? Math.max(0, piece) : random.nextInt(Math.min(total, 10));
  }

  private static List<Integer> pieces(SplittableRandom random, int total) {
    return IntStream.range(0, random.nextInt(20)).mapToObj(i -> piece(random, total)).toList();
  }

  private static List<String> peers(SplittableRandom random) {
    return IntStream.range(0, random.nextInt(PEERS))
        .mapToObj(i -> "p" + random.nextInt(PEERS))
        .toList();
  }

  private static int[] array(Collection<Integer> pieces) {
    return pieces.stream().mapToInt(piece -> piece).toArray();
  }
}
