package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceLog.Explained;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The record types a reader knows, each with its decoder. Packages bring theirs; the engine or the
 * command line puts them together. Immutable and thread-safe.
 */
public final class RecordCatalog {
  private static final RecordCatalog EMPTY = new RecordCatalog(Map.of());

  private final Map<Integer, Entry> entries;

  private record Entry(RecordType type, RecordDecoder decoder) {}

  private RecordCatalog(Map<Integer, Entry> entries) {
    this.entries = entries;
  }

  /** A catalogue that knows no type. */
  public static RecordCatalog empty() {
    return EMPTY;
  }

  /** A catalogue to fill. */
  public static Builder builder() {
    return new Builder();
  }

  /** The type with this wire number, if it is known. */
  public Optional<RecordType> typeOf(int wire) {
    return Optional.ofNullable(entries.get(wire)).map(Entry::type);
  }

  /** The types known, by wire number. */
  public List<RecordType> types() {
    return entries.values().stream().map(Entry::type).toList();
  }

  /**
   * The record's type.
   *
   * @throws EvidenceException.UnknownType if it is not known
   */
  public RecordType require(EvidenceRecord record) {
    return typeOf(record.wire())
        .orElseThrow(() -> new EvidenceException.UnknownType(record.index(), record.wire()));
  }

  /**
   * The record in words. Never fails: an unknown type or a payload that cannot be read is said to
   * be so, and its bytes are shown.
   */
  public Explained explain(EvidenceRecord record) {
    Entry entry = entries.get(record.wire());
    if (entry == null) {
      return inBytes(record, RecordType.unnamed(record.wire()), "unknown type");
    }
    try {
      CanonicalReader reader = record.reader();
      RecordDecoder.Decoded decoded = entry.decoder().decode(reader);
      reader.end();
      return new Explained(record, entry.type(), decoded.text(), decoded.subjects());
    } catch (RuntimeException e) {
      // Decoders are of every package, and of hosts: whatever one throws, it cannot read this.
      return inBytes(record, entry.type(), "unreadable payload (" + e.getMessage() + ")");
    }
  }

  /** Every record that touches {@code subject}, in the order given, in words. */
  public List<Explained> explain(Subject subject, Iterable<EvidenceRecord> records) {
    Objects.requireNonNull(subject, "subject");
    List<Explained> touching = new ArrayList<>();
    for (EvidenceRecord record : records) {
      Explained explained = explain(record);
      if (explained.subjects().contains(subject)) {
        touching.add(explained);
      }
    }
    return List.copyOf(touching);
  }

  private static Explained inBytes(EvidenceRecord record, RecordType type, String why) {
    byte[] payload = record.sharedPayload();
    int shown = Math.min(payload.length, 64);
    String hex = HexFormat.of().formatHex(payload, 0, shown);
    String more = shown < payload.length ? ".." : "";
    String text = why + ", " + payload.length + " bytes " + hex + more;
    return new Explained(record, type, text, List.of());
  }

  /** Collects types. Not thread-safe. */
  public static final class Builder {
    private final TreeMap<Integer, Entry> entries = new TreeMap<>();

    private Builder() {}

    /**
     * Adds a type.
     *
     * @throws IllegalArgumentException if another type has the same wire number
     */
    public Builder add(RecordType type, RecordDecoder decoder) {
      Objects.requireNonNull(decoder, "decoder");
      Entry other = entries.putIfAbsent(type.wire(), new Entry(type, decoder));
      if (other != null) {
        throw new IllegalArgumentException(
            type.name() + " has the number of " + other.type().name() + ": " + type.wire());
      }
      return this;
    }

    /** Adds every type of another catalogue; a wire number that both have is refused. */
    public Builder addAll(RecordCatalog other) {
      other.entries.values().forEach(entry -> add(entry.type(), entry.decoder()));
      return this;
    }

    /** The catalogue. */
    public RecordCatalog build() {
      return new RecordCatalog(new TreeMap<>(entries));
    }
  }

  /**
   * Turns the payload of one record type into words. The package that writes the type brings it.
   */
  @FunctionalInterface
  public interface RecordDecoder {
    /**
     * Reads the whole payload; must not change anything else, and must be safe for use by several
     * threads.
     *
     * @throws EvidenceException.Malformed if the payload is not what the type says; the methods of
     *     {@link CanonicalReader} do that
     */
    Decoded decode(CanonicalReader payload);

    /**
     * A payload in words.
     *
     * @param text one line, without the type's name
     * @param subjects what the record touches, in any order
     */
    record Decoded(String text, List<Subject> subjects) {
      /** Copies the subjects. */
      public Decoded {
        Objects.requireNonNull(text, "text");
        subjects = List.copyOf(subjects);
      }

      /** The text with these subjects. */
      public static Decoded of(String text, Subject... subjects) {
        return new Decoded(text, List.of(subjects));
      }
    }
  }
}
