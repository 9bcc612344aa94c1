package dev.stowage.evidence;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.SignedHead.HeadChecker;
import dev.stowage.evidence.SignedHead.HeadSigner;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private enum Corruption {
    FLIP_PAYLOAD,
    FLIP_TYPE,
    FLIP_HASH,
    SWAP,
    DROP,
    INSERT_COPY,
    INSERT_OTHER,
    TRUNCATE
  }

  private static final NaiveChain[] CHAINS = new NaiveChain[8];

  static {
    for (int i = 0; i < CHAINS.length; i++) {
      CHAINS[i] = Runs.naive(Runs.drafts(i, 6 + 6 * i, 60));
    }
  }

  private static EvidenceRecord with(
      EvidenceRecord record, int wire, byte[] payload, Hash256 hash) {
    return EvidenceRecord.of(record.index(), wire, payload, hash);
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] copy = bytes.clone();
    copy[bit >> 3] ^= (byte) (1 << (bit & 7));
    return copy;
  }

  /** Positions are all that a stored sequence has: whoever stands at i is record i. */
  private static List<EvidenceRecord> renumbered(List<EvidenceRecord> records) {
    List<EvidenceRecord> result = new ArrayList<>(records.size());
    for (EvidenceRecord record : records) {
      result.add(
          EvidenceRecord.owning(
              result.size(), record.wire(), record.sharedPayload(), record.hash()));
    }
    return result;
  }

  private static List<EvidenceRecord> corrupted(
      List<EvidenceRecord> records, Corruption how, SplittableRandom random) {
    List<EvidenceRecord> result = new ArrayList<>(records);
    int at = random.nextInt(records.size());
    EvidenceRecord victim = records.get(at);
    switch (how) {
      case FLIP_PAYLOAD -> {
        byte[] payload = victim.payload();
        if (payload.length == 0) {
          return corrupted(records, how, random);
        }
        byte[] other = flipped(payload, random.nextInt(payload.length * 8));
        result.set(at, with(victim, victim.wire(), other, victim.hash()));
      }
      case FLIP_TYPE ->
          result.set(
              at,
              with(
                  victim,
                  victim.wire() ^ (1 << random.nextInt(16)),
                  victim.payload(),
                  victim.hash()));
      case FLIP_HASH -> {
        byte[] hash = flipped(victim.hash().toBytes(), random.nextInt(256));
        result.set(at, with(victim, victim.wire(), victim.payload(), Hash256.fromBytes(hash, 0)));
      }
      case SWAP -> {
        int other = (at + 1 + random.nextInt(records.size() - 1)) % records.size();
        result.set(at, records.get(other));
        result.set(other, victim);
      }
      case DROP -> result.remove(at);
      case INSERT_COPY -> result.add(random.nextInt(records.size() + 1), victim);
      case INSERT_OTHER -> {
        byte[] payload = new byte[random.nextInt(20)];
        random.nextBytes(payload);
        Hash256 hash = new Hash256(random.nextLong(), random.nextLong(), 3, 4);
        result.add(random.nextInt(records.size() + 1), with(victim, 7, payload, hash));
      }
      case TRUNCATE -> result.subList(at, result.size()).clear();
    }
    return renumbered(result);
  }

  /** The oracle: the first position where the sequence is not what was written. */
  private static int firstChanged(List<EvidenceRecord> before, List<EvidenceRecord> after) {
    int at = 0;
    while (at < before.size() && at < after.size() && before.get(at).equals(after.get(at))) {
      at++;
    }
    return at;
  }

  @Test
  void everyCorruption_isDetectedAtItsFirstRecord() {
    Map<Corruption, Integer> detected = new EnumMap<>(Corruption.class);
    SplittableRandom random = new SplittableRandom(20_261_120);
    for (int i = 0; i < 10_000; i++) {
      NaiveChain chain = CHAINS[i & 7];
      List<EvidenceRecord> records = chain.records();
      Corruption how = Corruption.values()[random.nextInt(Corruption.values().length)];
      List<EvidenceRecord> bad = corrupted(records, how, random);
      Anchor anchor =
          new Anchor(ChainPoint.originOf(HEADER), new ChainPoint(records.size(), chain.headHash()));

      Verification verification = Verifier.verify(anchor, bad);

      if (!(verification instanceof Verification.Broken broken)
          || broken.index() != firstChanged(records, bad)) {
        assertThat(verification).as("%s number %s", how, i).isNull();
      }
      detected.merge(how, 1, Integer::sum);
    }
    assertThat(detected).hasSize(Corruption.values().length);
    assertThat(detected.values()).allSatisfy(count -> assertThat(count).isGreaterThan(1_000));
  }

  @Test
  void wholeChain_isIntactWithAndWithoutAKnownEnd() {
    NaiveChain chain = CHAINS[7];
    ChainPoint origin = ChainPoint.originOf(HEADER);
    Anchor anchor = new Anchor(origin, new ChainPoint(48, chain.headHash()));

    assertThat(Verifier.verify(anchor, chain.records())).isEqualTo(new Verification.Intact(anchor));
    assertThat(Verifier.verify(origin, chain.records())).isEqualTo(new Verification.Intact(anchor));
  }

  @Test
  void rewrittenTail_isSeenOnlyByWhoKnowsTheHead() {
    NaiveChain honest = Runs.naive(Runs.drafts(1, 30, 20));
    NaiveChain forged = new NaiveChain(HEADER.encode());
    Runs.drafts(1, 30, 20).forEach(d -> forged.append(d.type(), Arrays.copyOf(d.payload(), 5)));
    ChainPoint origin = ChainPoint.originOf(HEADER);

    assertThat(Verifier.verify(origin, forged.records()).isIntact()).isTrue();
    assertThat(
            Verifier.verify(
                new Anchor(origin, new ChainPoint(30, honest.headHash())), forged.records()))
        .isInstanceOfSatisfying(
            Verification.Broken.class,
            broken -> assertThat(broken.problem()).contains("head is another"));
  }

  @Test
  void signedHead_holdsAgainstOtherRecordsHeadersKeysAndSignatures()
      throws GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair others = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    NaiveChain chain = CHAINS[2];
    List<EvidenceRecord> records = chain.records();
    SignedHead head =
        SignedHead.sign(
            HEADER,
            new ChainPoint(records.size(), chain.headHash()),
            HeadSigner.ed25519(keys.getPrivate()));
    HeadChecker checker = HeadChecker.ed25519(keys.getPublic());

    assertThat(SignedHead.decode(head.encode())).isEqualTo(head);
    assertThat(head.verify(HEADER, records, checker).isIntact()).isTrue();
    assertThat(head.verify(HEADER, records, HeadChecker.ed25519(others.getPublic())).isIntact())
        .isFalse();
    assertThat(head.verify(HEADER.withAttribute("a", "b"), records, checker).isIntact()).isFalse();
    assertThat(head.verify(HEADER, records.subList(0, 17), checker))
        .isInstanceOfSatisfying(
            Verification.Broken.class, broken -> assertThat(broken.index()).isEqualTo(17));
    for (int bit = 0; bit < head.encode().length * 8; bit += 9) {
      if (!isStillSigned(flipped(head.encode(), bit), checker)) {
        continue;
      }
      assertThat(bit).as("a flipped bit that nobody noticed").isNegative();
    }
  }

  private static boolean isStillSigned(byte[] encoded, HeadChecker checker) {
    try {
      return SignedHead.decode(encoded).isSigned(checker);
    } catch (EvidenceException.Malformed e) {
      return false;
    }
  }
}
