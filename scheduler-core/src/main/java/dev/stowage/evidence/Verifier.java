package dev.stowage.evidence;

import dev.stowage.evidence.canonical.HashChain;
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

  /** The result of a {@link Verifier}. */
  public sealed interface Verification {
    /** A chain without a break, and with the right end. */
    record Intact(Anchor anchor) implements Verification {}

    /** A chain that breaks at {@code index}, its first record that is changed, missing or extra. */
    record Broken(long index, String problem, String expected, String found)
        implements Verification {
      @Override
      public String toString() {
        return "record " + index + ": " + problem + ": expected " + expected + ", found " + found;
      }
    }

    /** A log of {@code count} records without a chain, which proves nothing. */
    record Unchained(long count) implements Verification {}

    /** Reports whether this is {@link Intact}. */
    default boolean isIntact() {
      return this instanceof Intact;
    }

    /** Returns the stretch; throws {@link EvidenceException.Broken}, at 0 for an unchained log. */
    default Anchor requireIntact() {
      if (this instanceof Intact intact) {
        return intact.anchor();
      }
      if (this instanceof Broken broken) {
        throw new EvidenceException.Broken(
            broken.index(),
            broken.problem() + ": expected " + broken.expected() + ", found " + broken.found());
      }
      throw new EvidenceException.Broken(0, "the records were written without a chain");
    }
  }

  /** A stretch of a chain between two points; it keeps the rest of a trimmed chain verifiable. */
  public record Anchor(ChainPoint from, ChainPoint to) {
    /** Throws {@code IllegalArgumentException} if the stretch ends before it begins. */
    public Anchor {
      if (to.index() < from.index()) {
        throw new IllegalArgumentException(
            "the stretch ends at " + to.index() + ", before its start " + from.index());
      }
    }

    /** Returns the number of records, at least 0. */
    public long count() {
      return to.index() - from.index();
    }

    /** Returns the index of the first record, if there is one. */
    public long firstIndex() {
      return from.index();
    }

    /** Returns the chain's hash behind the last record. */
    public Hash256 head() {
      return to.hash();
    }
  }
}
