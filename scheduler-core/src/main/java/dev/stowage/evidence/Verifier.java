package dev.stowage.evidence;

import org.jspecify.annotations.Nullable;

/**
 * Recomputes a chain and names the first bad record. Without a known end, a cut or wholly rewritten
 * chain looks intact, so keep a head or {@link SignedHead} elsewhere. Stateless and thread-safe.
 */
public final class Verifier {
  private Verifier() {}

  /** Verifies that {@code records} follow {@code start}; the end is not known. */
  public static Verification verify(ChainPoint start, Iterable<EvidenceRecord> records) {
    return check(start, records, null);
  }

  /** Verifies that {@code records} are the stretch of {@code anchor}. */
  public static Verification verify(Anchor anchor, Iterable<EvidenceRecord> records) {
    return check(anchor.from(), records, anchor.to());
  }

  private static Verification check(
      ChainPoint start, Iterable<EvidenceRecord> records, @Nullable ChainPoint end) {
    HashChain chain = HashChain.startingAt(start.hash());
    long index = start.index();
    for (EvidenceRecord record : records) {
      if (end != null && index == end.index()) {
        return new Verification.Broken(
            index, "a record too many", "the end of the chain", record.toString());
      }
      if (record.index() != index) {
        return new Verification.Broken(
            index, "another record stands here", "index " + index, "index " + record.index());
      }
      Hash256 computed = chain.append(record.wire(), record.sharedPayload());
      if (!computed.equals(record.hash())) {
        return new Verification.Broken(
            index, "the hash does not follow", computed.toString(), record.hash().toString());
      }
      index++;
    }
    return end == null
        ? new Verification.Intact(new Anchor(start, new ChainPoint(index, chain.head())))
        : checkEnd(start, new ChainPoint(index, chain.head()), end);
  }

  private static Verification checkEnd(ChainPoint start, ChainPoint reached, ChainPoint end) {
    return reached.equals(end)
        ? new Verification.Intact(new Anchor(start, reached))
        : endDiffers(start, reached, end);
  }

  /** Returns the break of a chain that ends at {@code reached} instead of {@code end}. */
  public static Verification.Broken endDiffers(
      ChainPoint start, ChainPoint reached, ChainPoint end) {
    if (reached.index() > end.index()) {
      return new Verification.Broken(
          end.index(),
          "records too many at the end",
          end.index() + " records",
          reached.index() + " records");
    }
    if (reached.index() < end.index()) {
      return new Verification.Broken(
          reached.index(),
          "records are missing at the end",
          end.index() + " records",
          reached.index() + " records");
    }
    return new Verification.Broken(
        Math.max(start.index(), reached.index() - 1),
        "the head is another; some record up to here was rewritten with its hashes",
        end.hash().toString(),
        reached.hash().toString());
  }
}
